//! The two paging envelopes.

use serde_json::{Value, json};

use crate::failure::Failure;

const DEFAULT_PER_PAGE: u64 = 50;
/// The observed maximum of enveloped lists.
const MAX_PER_PAGE: u64 = 10_000;

/// The requested page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    number: usize,
    size: usize,
}

impl Page {
    pub(crate) fn new(number: Option<u64>, size: Option<u64>) -> Result<Self, Failure> {
        let number = number.unwrap_or(1);
        let size = size.unwrap_or(DEFAULT_PER_PAGE);
        if number == 0 {
            return Err(Failure::input("page", "Must be at least 1."));
        }
        if size == 0 || size > MAX_PER_PAGE {
            return Err(Failure::input("per_page", "Must be from 1 to 10000."));
        }
        let fit = |number| usize::try_from(number).unwrap_or(usize::MAX);
        Ok(Self { number: fit(number), size: fit(size) })
    }

    /// The page named by `page` and `per_page` of a query.
    pub(crate) fn of_query(call: &crate::call::Call) -> Result<Self, Failure> {
        let read = |name: &str| match call.query(name).filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => {
                text.parse().map(Some).map_err(|_| Failure::input(name, "Not a valid integer."))
            }
        };
        Self::new(read("page")?, read("per_page")?)
    }

    fn offset(self) -> usize {
        (self.number - 1).saturating_mul(self.size)
    }

    /// The envelope of most lists.
    pub(crate) fn envelope<T>(self, all: &[T], show: impl Fn(&T) -> Value) -> Value {
        let items: Vec<Value> = all.iter().skip(self.offset()).take(self.size).map(show).collect();
        let more = self.offset().saturating_add(items.len()) < all.len() && !items.is_empty();
        json!({
            "curPage": self.number,
            "nextPage": more.then(|| self.number + 1),
            "prevPage": (self.number > 1).then(|| self.number - 1),
            "items": items,
        })
    }

    /// The envelope of content, which has the total. `rows` are all rows.
    pub(crate) fn counted<'a>(
        self,
        total: usize,
        rows: impl Iterator<Item = &'a crate::meta::rows::Record>,
    ) -> Value {
        let items: Vec<Value> =
            rows.skip(self.offset()).take(self.size).cloned().map(Value::Object).collect();
        let more = self.offset().saturating_add(items.len()) < total && !items.is_empty();
        json!({
            "itemsReceived": items.len(),
            "curPage": self.number,
            "nextPage": more.then(|| self.number + 1),
            "prevPage": (self.number > 1).then(|| self.number - 1),
            "offset": self.offset(),
            "perPage": self.size,
            "itemsTotal": total,
            "pageTotal": total.div_ceil(self.size),
            "items": items,
        })
    }
}
