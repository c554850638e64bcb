//! One open connection to PostgreSQL. What is asked together leaves together, as a flight with one Sync at its end: the
//! database takes it in without a pause and answers once, and the first statement that fails stops all behind it.
//! tokio-postgres, which opens the connection, ends every statement with a Sync of its own: an answer, a message and a
//! waking of both sides for each of BEGIN, context, statement and COMMIT, which is dearer than the statement.

use std::collections::HashMap;
use std::io;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Waker};

use bytes::{Buf as _, BytesMut};
use foldhash::fast::RandomState;
use postgres_protocol::message::backend::{DATA_ROW_TAG, Header, Message};
use postgres_protocol::message::frontend;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio_postgres::fallible_iterator::FallibleIterator as _;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::answer::{Answer, Failure, Table};

/// Statements kept prepared on a connection: more than the shapes a dashboard has, few enough to stay small.
const PREPARED: usize = 200;
/// Room for what is read at once: two of the pieces in which PostgreSQL sends a long answer.
const READ: usize = 16 * 1024;
/// Bytes in front of what a message says: its tag and its length, which counts itself.
const HEADER: usize = 5;
/// What is said or heard at once beyond that leaves no room behind on an idle connection.
const KEPT: usize = 256 * 1024;

/// Tells row-level security whose rows exist, until the transaction ends.
const CONTEXT: &str = "SELECT set_config('lanpya.organisation', $1, true)";
/// The same, for a transaction that has no BEGIN to say that it reads.
const READER: &str =
    "SELECT set_config('transaction_read_only', 'on', true), set_config('lanpya.organisation', $1, true)";

/// What bytes come and go by.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// An open connection.
pub(in super::super) struct Line {
    stream: Box<dyn Stream>,
    /// The flight that is being made up, or what of it has not left yet.
    out: BytesMut,
    input: BytesMut,
    /// The statements of the flight, in order.
    asked: Vec<Arc<Statement>>,
    prepared: HashMap<Arc<str>, Arc<Statement>, RandomState>,
    names: u64,
    state: State,
}

/// What the database said of the transaction when it had answered last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// There is none.
    Idle,
    /// One is open.
    Open,
    /// One has failed and waits for its end.
    Failed,
    /// Nothing yet: a flight is under way, or was given up.
    Away,
}

/// A statement the database has prepared, or is asked to in this flight.
struct Statement {
    name: String,
    types: Vec<Type>,
    /// Known from its first answer on.
    columns: OnceLock<Arc<[Type]>>,
}

/// Why a flight failed, and at which of its statements, counted from none.
pub(in super::super) struct Stopped {
    pub at: usize,
    pub why: Failure,
}

impl Line {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self {
            stream,
            out: BytesMut::new(),
            input: BytesMut::new(),
            asked: Vec::new(),
            prepared: HashMap::default(),
            names: 0,
            state: State::Idle,
        }
    }

    /// Whether the next borrower finds nothing of the last one: no transaction, nothing half said or half heard.
    pub fn is_idle(&self) -> bool {
        self.state == State::Idle && self.out.is_empty() && self.asked.is_empty() && self.input.is_empty()
    }

    /// Whether a transaction has failed and waits for its end.
    pub fn has_failed(&self) -> bool {
        self.state == State::Failed
    }

    /// Whether the other side has neither left nor said something unasked while nobody listened.
    pub(super) fn is_silent(&mut self) -> bool {
        let read = pin!(self.stream.read_buf(&mut self.input));
        read.poll(&mut Context::from_waker(Waker::noop())).is_pending()
    }

    /// Adds words without values to the flight.
    pub fn say(&mut self, words: &str) -> Result<(), Failure> {
        self.ask(words, Vec::new, &[])
    }

    /// Adds whose rows exist for the rest of the transaction.
    pub fn name(&mut self, organisation: Uuid) -> Result<(), Failure> {
        self.context(CONTEXT, organisation)
    }

    /// The same, for a flight that only reads and is its own transaction.
    pub fn name_reader(&mut self, organisation: Uuid) -> Result<(), Failure> {
        self.context(READER, organisation)
    }

    fn context(&mut self, sql: &str, organisation: Uuid) -> Result<(), Failure> {
        let mut text = Uuid::encode_buffer();
        self.ask(sql, || vec![Type::TEXT], &[&&*organisation.hyphenated().encode_lower(&mut text)])
    }

    /// Says and hears nothing any more: what a flight was to be, or what is still to come of one, is not known.
    pub fn give_up(&mut self) {
        self.state = State::Away;
    }

    /// Adds a statement to the flight; its types are asked for where it is not prepared yet. One that cannot be said
    /// ends the connection: what was to leave before it, such as BEGIN, has not.
    pub fn ask(
        &mut self,
        sql: &str,
        types: impl FnOnce() -> Vec<Type>,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<(), Failure> {
        let added = self.add(sql, types, values);
        if added.is_err() {
            self.give_up();
        }
        added
    }

    fn add(
        &mut self,
        sql: &str,
        types: impl FnOnce() -> Vec<Type>,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<(), Failure> {
        if self.state == State::Away {
            // Of a flight that was given up, answers are still to come: they would be taken for this one's.
            return Err(Failure::Lost);
        }
        let statement = match self.prepared.get(sql) {
            Some(known) => Arc::clone(known),
            None => self.prepare(sql, types())?,
        };
        let pairs = values.iter().zip(&statement.types);
        let encode = |(value, kind): (&&(dyn ToSql + Sync), &Type), out: &mut BytesMut| {
            Ok(match value.to_sql_checked(kind, out)? {
                tokio_postgres::types::IsNull::Yes => postgres_protocol::IsNull::Yes,
                tokio_postgres::types::IsNull::No => postgres_protocol::IsNull::No,
            })
        };
        // Values come and go in the binary format.
        frontend::bind("", &statement.name, [1], pairs, encode, [1], &mut self.out).map_err(|_| Failure::Strange)?;
        frontend::execute("", 0, &mut self.out)?;
        self.asked.push(statement);
        Ok(())
    }

    fn prepare(&mut self, sql: &str, types: Vec<Type>) -> Result<Arc<Statement>, Failure> {
        if self.prepared.len() >= PREPARED {
            for (_, old) in self.prepared.drain() {
                frontend::close(b'S', &old.name, &mut self.out)?;
            }
        }
        self.names += 1;
        let statement = Arc::new(Statement { name: format!("s{}", self.names), types, columns: OnceLock::new() });
        frontend::parse(&statement.name, sql, statement.types.iter().map(Type::oid), &mut self.out)?;
        frontend::describe(b'S', &statement.name, &mut self.out)?;
        self.prepared.insert(sql.into(), Arc::clone(&statement));
        Ok(statement)
    }

    /// Sends the flight; an answer for each of its statements.
    pub async fn fly(&mut self) -> Result<Vec<Answer>, Stopped> {
        if self.asked.is_empty() {
            return Ok(Vec::new());
        }
        frontend::sync(&mut self.out);
        self.give_up();
        let said = self.out.len();
        let mut hearing = Hearing { answers: Vec::with_capacity(self.asked.len()), ..Hearing::default() };
        let ended = std::future::poll_fn(|context| self.poll(context, &mut hearing)).await;
        if said.max(hearing.heard) > KEPT && self.input.is_empty() {
            (self.out, self.input) = (BytesMut::new(), BytesMut::new());
        }
        let at = hearing.answers.len();
        // What the database says of an end is more than that it came.
        let why = hearing.failure.or_else(|| ended.err().map(Failure::from));
        let whole = at == self.asked.len();
        self.forget_unknown();
        match why {
            Some(why) => Err(Stopped { at, why }),
            None if whole => Ok(hearing.answers),
            None => Err(Stopped { at, why: Failure::Strange }),
        }
    }

    /// The flight is over. What it did not come to is not prepared.
    fn forget_unknown(&mut self) {
        let asked = std::mem::take(&mut self.asked);
        if asked.iter().any(|statement| statement.columns.get().is_none()) {
            self.prepared.retain(|_, statement| statement.columns.get().is_some());
        }
        self.asked = asked;
        self.asked.clear();
    }

    /// Writes and reads side by side, lest both ends wait for the other to listen.
    fn poll(&mut self, context: &mut Context<'_>, hearing: &mut Hearing) -> Poll<io::Result<()>> {
        loop {
            while let Some(message) = self.heard(hearing)? {
                if let Some(status) = hearing.hear(message, &self.asked)? {
                    self.state = match status {
                        b'I' => State::Idle,
                        b'T' => State::Open,
                        _ => State::Failed,
                    };
                    return Poll::Ready(Ok(()));
                }
            }
            self.write(context)?;
            if self.input.capacity() - self.input.len() < READ / 4 {
                self.input.reserve(READ);
            }
            match pin!(self.stream.read_buf(&mut self.input)).poll(context)? {
                Poll::Ready(0) => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                Poll::Ready(bytes) => hearing.heard += bytes,
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// The next message that has come whole, behind rows: a list is hundreds of those, and made into messages they would
    /// cost more than all else that is done with them.
    fn heard(&mut self, hearing: &mut Hearing) -> io::Result<Option<Message>> {
        while let Some(header) = Header::parse(&self.input)?.filter(|header| header.tag() == DATA_ROW_TAG) {
            let end = 1 + usize::try_from(header.len()).map_err(|_| io::ErrorKind::InvalidData)?;
            let Some(row) = self.input.get(HEADER..end) else { return Ok(None) };
            hearing.rows.push(row)?;
            self.input.advance(end);
        }
        Message::parse(&mut self.input)
    }

    /// Writes what the stream takes.
    fn write(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if self.out.is_empty() {
            return Ok(());
        }
        while self.out.has_remaining() {
            match pin!(self.stream.write_buf(&mut self.out)).poll(context)? {
                Poll::Ready(0) => return Err(io::ErrorKind::WriteZero.into()),
                Poll::Ready(_) => {}
                Poll::Pending => return Ok(()),
            }
        }
        match pin!(self.stream.flush()).poll(context) {
            Poll::Ready(flushed) => flushed,
            Poll::Pending => Ok(()),
        }
    }
}

/// What has been heard of a flight's answers.
#[derive(Default)]
struct Hearing {
    answers: Vec<Answer>,
    /// Rows of the statement that is being answered.
    rows: Table,
    failure: Option<Failure>,
    /// In bytes.
    heard: usize,
}

impl Hearing {
    /// Takes a message; the last one tells the state of the transaction.
    fn hear(&mut self, message: Message, asked: &[Arc<Statement>]) -> io::Result<Option<u8>> {
        let strange = || io::Error::from(io::ErrorKind::InvalidData);
        match message {
            Message::RowDescription(row) => {
                let kinds = row.fields().map(|field| Ok(Type::from_oid(field.type_oid()).unwrap_or(Type::UNKNOWN)));
                let columns = kinds.collect::<Vec<_>>()?.into();
                let _ = asked.get(self.answers.len()).ok_or_else(strange)?.columns.set(columns);
            }
            Message::NoData => {
                let _ = asked.get(self.answers.len()).ok_or_else(strange)?.columns.set(Arc::default());
            }
            Message::CommandComplete(done) => {
                let written = done.tag()?.rsplit(' ').next().and_then(|count| count.parse().ok());
                self.finish(written.unwrap_or_default(), asked.get(self.answers.len()).ok_or_else(strange)?);
            }
            Message::EmptyQueryResponse => self.finish(0, asked.get(self.answers.len()).ok_or_else(strange)?),
            Message::ErrorResponse(refusal) => self.failure = Some(Failure::of(&refusal)?),
            Message::ReadyForQuery(ready) => return Ok(Some(ready.status())),
            Message::ParseComplete
            | Message::ParameterDescription(_)
            | Message::BindComplete
            | Message::CloseComplete
            | Message::NoticeResponse(_)
            | Message::ParameterStatus(_) => {}
            _ => return Err(strange()),
        }
        Ok(None)
    }

    fn finish(&mut self, written: u64, statement: &Statement) {
        let mut rows = std::mem::take(&mut self.rows);
        rows.columns = statement.columns.get().cloned().unwrap_or_default();
        self.answers.push(Answer { rows, written });
    }
}
