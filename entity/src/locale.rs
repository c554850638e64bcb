//! The languages of the border that labels are kept in.

use crate::code::code;

code! {
    /// A language that labels are kept in.
    pub enum Locale {
        /// English.
        En = "EN",
        /// Burmese, in Unicode.
        My = "MY",
        /// Thai.
        Th = "TH",
    }
}
