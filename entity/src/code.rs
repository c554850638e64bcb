//! Codes: closed lists of answers, stored, sent and read under one and the same name.

/// A value of a closed list, known everywhere by its code.
pub trait Code: Copy + 'static {
    /// The code: what the database, GraphQL and JSON hold.
    fn code(self) -> &'static str;

    /// Every value, in the order of its source.
    fn all() -> Vec<Self>;

    /// The value of a code, if the list has it.
    fn from_code(code: &str) -> Option<Self>;
}

/// Declares a code list. `+ NonAnswer` adds the three different non-answers at the end.
macro_rules! code {
    ($(#[$about:meta])* pub enum $name:ident + NonAnswer {
        $($(#[$meaning:meta])* $value:ident = $code:tt,)+
    }) => {
        $crate::code::code! {
            $(#[$about])*
            pub enum $name {
                $($(#[$meaning])* $value = $code,)+
                /// The question was asked, but the person does not know the answer.
                Unknown = "UNKNOWN",
                /// The question was asked and the person chose not to answer it.
                Refused = "REFUSED",
                /// The question was never put to the person.
                NotAsked = "NOT_ASKED",
            }
        }
    };
    ($(#[$about:meta])* pub enum $name:ident {
        $($(#[$meaning:meta])* $value:ident = $code:tt,)+
    }) => {
        $(#[$about])*
        #[derive(
            Clone,
            Copy,
            Debug,
            PartialEq,
            Eq,
            Hash,
            sea_orm::EnumIter,
            sea_orm::DeriveActiveEnum,
            async_graphql::Enum,
            serde::Serialize,
            serde::Deserialize,
        )]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $(
                $(#[$meaning])*
                #[sea_orm(string_value = $code)]
                #[graphql(name = $code)]
                #[serde(rename = $code)]
                $value,
            )+
        }

        impl $crate::code::Code for $name {
            fn code(self) -> &'static str {
                match self {
                    $(Self::$value => $code,)+
                }
            }

            fn all() -> Vec<Self> {
                vec![$(Self::$value),+]
            }

            fn from_code(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$value),)+
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use code;
