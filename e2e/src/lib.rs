//! The whole program under test: the real binary, started in fresh directories, met by clients nobody here wrote.
//!
//! A missing tool is a failure that names it, never a test left out.

mod answer;
mod client;
mod draw;
mod faults;
mod gathering;
mod house;
mod line;
mod native;
mod program;
mod readers;
mod server;
mod soap;
mod trees;
mod tus;

pub use answer::Element;
pub use client::{Chunk, Client, Transport};
pub use draw::Draw;
pub use faults::{BadLine, Faults};
pub use gathering::gather;
pub use house::{House, Right};
pub use line::Line;
pub use native::Download;
pub use program::{Finished, finish, project, python, python_tool, run, tool};
pub use readers::{READERS, Reader};
pub use server::Server;
pub use soap::{Binding, SoapClient, import_by_java};
pub use trees::{Difference, compare, count_files, mixed, ugly};
pub use tus::TusClient;
