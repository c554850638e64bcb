//! The program: everything is in the library, whose code the compiler makes on all cores at once.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    lanpya::command()
}
