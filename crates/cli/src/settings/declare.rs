//! The declaration of settings, and their errors.

/// One setting: an environment variable.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The environment variable.
    pub name: &'static str,
    /// The default value, or a description of the default in parentheses.
    pub default: &'static str,
    /// The values it accepts.
    pub accepts: &'static str,
    /// Its description.
    pub meaning: &'static str,
}

/// Returns the value of an environment variable.
pub(super) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Why a value is invalid.
pub(super) enum Invalid {
    /// The value, or the invalid entry of a list; and the reason.
    Text(String, String),
    /// The reason, without the value, which may be a secret.
    Secret(String),
    /// The setting is required but not set; the reason why it is required.
    Missing(String),
}

/// Why the server does not start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// The value is invalid.
    #[error("{name} is {got:?}: {why}. Set it to {accepts}")]
    Invalid {
        /// The setting.
        name: &'static str,
        /// Its value.
        got: String,
        /// What is wrong with the value.
        why: String,
        /// The values it accepts.
        accepts: &'static str,
    },
    /// A secret value that the setting does not take. The value is not shown.
    #[error("{name} can't be used: {why}. Set it to {accepts}")]
    InvalidSecret {
        /// The setting.
        name: &'static str,
        /// What is wrong with the value.
        why: String,
        /// The values it accepts.
        accepts: &'static str,
    },
    /// A setting that is required because of another one.
    #[error("{name} is required because {because}. Set it to {accepts}")]
    Missing {
        /// The setting.
        name: &'static str,
        /// Why it is required.
        because: String,
        /// The values it accepts.
        accepts: &'static str,
    },
    /// Two settings are in conflict.
    #[error("{first} and {second} are in conflict: {why}")]
    Conflict {
        /// One setting.
        first: &'static str,
        /// The other one.
        second: &'static str,
        /// The conflict, and what to do.
        why: &'static str,
    },
}

impl Setting {
    /// Reads and parses the value. An empty value is treated as not set. Without a value and a default,
    /// `parse` gets `None`.
    pub(super) fn read<T>(
        &self,
        lookup: Lookup<'_>,
        parse: impl FnOnce(Option<&str>) -> Result<T, Invalid>,
    ) -> Result<T, SettingError> {
        let value = lookup(self.name);
        let value = value.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let default = (!self.default.starts_with('(')).then_some(self.default);
        parse(value.or(default)).map_err(|invalid| self.error(invalid))
    }

    pub(super) fn error(&self, invalid: Invalid) -> SettingError {
        let Self { name, accepts, .. } = *self;
        match invalid {
            Invalid::Text(got, why) => {
                // The text before an @ may contain a password.
                let shown = got.rsplit_once('@').map(|(_, rest)| format!("[redacted]@{rest}"));
                SettingError::Invalid { name, got: shown.unwrap_or(got), why, accepts }
            }
            Invalid::Secret(why) => SettingError::InvalidSecret { name, why, accepts },
            Invalid::Missing(because) => SettingError::Missing { name, because, accepts },
        }
    }
}

/// Declares all settings. Each entry defines a constant [`Setting`] named after the environment variable, an
/// element of `SETTINGS`, and a field of `Values` with the parsed value. The doc comment is the description
/// on the reference page; `parse` is a function from `Option<&str>`.
macro_rules! settings {
    ($(
        $(#[doc = $meaning:literal])+
        $name:ident => $field:ident: $type:ty {
            default: $default:literal,
            accepts: $accepts:literal,
            parse: $parse:expr,
        }
    )+) => {
        $(
            pub(super) const $name: Setting = Setting {
                name: stringify!($name),
                default: $default,
                accepts: $accepts,
                meaning: concat!($($meaning),+).trim_ascii_start(),
            };
        )+

        /// All settings, in the order of the reference page.
        pub const SETTINGS: &[Setting] = &[$($name),+];

        /// The values of all settings.
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
