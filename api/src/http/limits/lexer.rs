//! One pass over the bytes of a document: how many tokens, how deep the brackets.
//!
//! It must see at least the tokens and brackets that the parser will see, so strings and comments end exactly where
//! the parser ends them. Where a block string has no end, the parser would try an empty string followed by another
//! string; here, as in the specification, that is a syntax error.

use async_graphql::Pos;

use super::{Limits, beyond, malformed};
use crate::error::Result;

/// What the pass counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scanned {
    /// Lexical tokens.
    pub(super) tokens: usize,
    /// Most brackets open at one place.
    pub(super) nesting: usize,
}

/// Counts, and refuses beyond the limits.
pub(super) fn scan(source: &str, limits: &Limits) -> Result<Scanned> {
    let mut cursor = Cursor { bytes: source.as_bytes(), at: 0 };
    let mut counted = Scanned::default();
    let mut open = 0_usize;
    while let Some(byte) = cursor.peek(0) {
        let start = cursor.at;
        match byte {
            b' ' | b'\t' | b',' | b'\n' | b'\r' => {
                cursor.at += 1;
                continue;
            }
            b'#' => {
                cursor.skip_while(|byte| byte != b'\n' && byte != b'\r');
                continue;
            }
            0xEF if cursor.starts_with("\u{feff}") => {
                cursor.at += '\u{feff}'.len_utf8();
                continue;
            }
            b'"' if cursor.starts_with("\"\"\"") => {
                if !cursor.block_string() {
                    return Err(malformed(place(source, start)));
                }
            }
            b'"' => {
                if !cursor.string() {
                    return Err(malformed(place(source, start)));
                }
            }
            b'(' | b'[' | b'{' => {
                cursor.at += 1;
                open += 1;
                counted.nesting = counted.nesting.max(open);
            }
            b')' | b']' | b'}' => {
                cursor.at += 1;
                open = open.saturating_sub(1);
            }
            b'.' if cursor.starts_with("...") => cursor.at += 3,
            b'_' | b'A'..=b'Z' | b'a'..=b'z' => {
                cursor.skip_while(is_name);
                if cursor.at - start > limits.name_bytes {
                    return Err(beyond("bytes in a name", limits.name_bytes).at(place(source, start)));
                }
            }
            b'-' | b'0'..=b'9' => cursor.number(),
            _ => cursor.at += 1,
        }
        counted.tokens += 1;
        if counted.tokens > limits.tokens {
            return Err(beyond("tokens", limits.tokens).at(place(source, start)));
        }
        if open > limits.brackets {
            return Err(beyond("open brackets", limits.brackets).at(place(source, start)));
        }
    }
    Ok(counted)
}

struct Cursor<'s> {
    bytes: &'s [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(text.as_bytes()))
    }

    fn skip_while(&mut self, holds: impl Fn(u8) -> bool) {
        while self.peek(0).is_some_and(&holds) {
            self.at += 1;
        }
    }

    /// Whether the string at the cursor has an end on its line.
    fn string(&mut self) -> bool {
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'"' => return true,
                b'\n' | b'\r' => return false,
                b'\\' if self.peek(0).is_none_or(|next| next == b'\n' || next == b'\r') => return false,
                b'\\' => self.at += 1,
                _ => {}
            }
        }
        false
    }

    /// Whether the block string at the cursor has an end.
    fn block_string(&mut self) -> bool {
        self.at += 3;
        while self.peek(0).is_some() {
            if self.starts_with("\"\"\"") {
                self.at += 3;
                return true;
            }
            self.at += if self.starts_with("\\\"\"\"") { 4 } else { 1 };
        }
        false
    }

    /// A number, and whatever letters stick to it: the parser refuses those.
    fn number(&mut self) {
        self.at += 1;
        self.skip_while(is_name);
        if self.peek(0) == Some(b'.') && self.peek(1).is_some_and(|next| next.is_ascii_digit()) {
            self.at += 1;
            self.skip_while(is_name);
        }
        let after_e = self.bytes.get(self.at - 1).is_some_and(|byte| byte.eq_ignore_ascii_case(&b'e'));
        if after_e && matches!(self.peek(0), Some(b'+' | b'-')) {
            self.at += 1;
            self.skip_while(is_name);
        }
    }
}

fn is_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// Line and column as async-graphql's parser counts them.
fn place(source: &str, offset: usize) -> Pos {
    let before = source.get(..offset).unwrap_or(source);
    let line = 1 + before.matches('\n').count();
    let column = 1 + before.chars().rev().take_while(|&letter| letter != '\n' && letter != '\r').count();
    Pos { line, column }
}
