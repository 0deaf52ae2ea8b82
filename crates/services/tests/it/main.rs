//! The services as edges use them, a file for each.

#[cfg(test)]
mod access;
#[cfg(test)]
mod archives;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod downloads;
#[cfg(test)]
mod folders;
#[cfg(test)]
mod ground;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod libraries;
#[cfg(test)]
mod people;
#[cfg(test)]
mod revocation;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod staging;
#[cfg(test)]
mod storing;
#[cfg(test)]
mod upkeep;
#[cfg(test)]
mod uploads;
