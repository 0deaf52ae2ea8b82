//! Who there is and who may do what, as clients meet it.

mod access;
mod groups;
mod house;
mod members;
mod users;
