//! How a setting is declared, and why one is refused.

/// One setting: an environment variable.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The environment variable.
    pub name: &'static str,
    /// The value it has when it is not set, or a description in parentheses where that is not a
    /// value.
    pub default: &'static str,
    /// The values it takes.
    pub takes: &'static str,
    /// What it is for.
    pub meaning: &'static str,
}

/// Gives the value of an environment variable.
pub(super) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Why the text of a setting is refused.
pub(super) enum Invalid {
    /// The text, or the refused entry of a list, which may be shown.
    Text(String, String),
    /// The text may hold a secret and is not shown.
    Secret(String),
    /// There is no text, and none can be derived.
    Missing(String),
}

/// Why the server does not start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// A value that the setting does not take.
    #[error("{name} is {got:?}: {why}. Set it to {takes}")]
    Invalid {
        /// The setting.
        name: &'static str,
        /// Its value.
        got: String,
        /// What is wrong with the value.
        why: String,
        /// The values it takes.
        takes: &'static str,
    },
    /// A secret value that the setting does not take. The value is not shown.
    #[error("{name} can't be used: {why}. Set it to {takes}")]
    InvalidSecret {
        /// The setting.
        name: &'static str,
        /// What is wrong with the value.
        why: String,
        /// The values it takes.
        takes: &'static str,
    },
    /// A setting that is required because of another one.
    #[error("{name} is required because {because}. Set it to {takes}")]
    Missing {
        /// The setting.
        name: &'static str,
        /// Why it is required.
        because: String,
        /// The values it takes.
        takes: &'static str,
    },
    /// Two settings that contradict each other.
    #[error("{first} and {second} contradict each other: {why}")]
    Contradiction {
        /// One setting.
        first: &'static str,
        /// The other one.
        second: &'static str,
        /// How they contradict each other, and what to do.
        why: &'static str,
    },
}

impl Setting {
    /// Reads and parses the value. An empty value counts as not set. Without a value and a default,
    /// `parse` gets `None`.
    pub(super) fn read<T>(
        &self,
        lookup: Lookup<'_>,
        parse: impl FnOnce(Option<&str>) -> Result<T, Invalid>,
    ) -> Result<T, SettingError> {
        let given = lookup(self.name);
        let given = given.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let default = (!self.default.starts_with('(')).then_some(self.default);
        parse(given.or(default)).map_err(|invalid| self.error(invalid))
    }

    pub(super) fn error(&self, invalid: Invalid) -> SettingError {
        let Self { name, takes, .. } = *self;
        match invalid {
            Invalid::Text(got, why) => {
                // What stands before an @ may be a password.
                let shown = got.rsplit_once('@').map(|(_, rest)| format!("[redacted]@{rest}"));
                SettingError::Invalid { name, got: shown.unwrap_or(got), why, takes }
            }
            Invalid::Secret(why) => SettingError::InvalidSecret { name, why, takes },
            Invalid::Missing(because) => SettingError::Missing { name, because, takes },
        }
    }
}

/// Declares all settings. Each entry gives a constant [`Setting`] named after the environment
/// variable, an element of `SETTINGS`, and a field of `Values` with the parsed value. The doc comment
/// is the meaning on the reference page; `parse` is a function from `Option<&str>`.
macro_rules! settings {
    ($(
        $(#[doc = $meaning:literal])+
        $name:ident => $field:ident: $type:ty {
            default: $default:literal,
            takes: $takes:literal,
            parse: $parse:expr,
        }
    )+) => {
        $(
            pub(super) const $name: Setting = Setting {
                name: stringify!($name),
                default: $default,
                takes: $takes,
                meaning: concat!($($meaning),+).trim_ascii_start(),
            };
        )+

        /// All settings, in the order of the reference page.
        pub const SETTINGS: &[Setting] = &[$($name),+];

        /// The value of every setting, each parsed by itself.
        #[derive(Debug, Clone)]
        pub struct Values {
            $(
                $(#[doc = $meaning])+
                pub $field: $type,
            )+
        }

        impl Values {
            /// Reads all settings, and stops at the first one with a value that it does not take.
            pub(super) fn read(lookup: Lookup<'_>) -> Result<Self, SettingError> {
                Ok(Self { $($field: $name.read(lookup, $parse)?),+ })
            }
        }
    };
}

pub(super) use settings;
