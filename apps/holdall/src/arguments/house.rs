//! The half that works on a house of this machine: its server, imports, accounts, the demonstration.

use super::NetworkFlags;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Where the house stands.
#[derive(Args, Debug, Default)]
pub(crate) struct HouseFlags {
    /// The data directory; made when absent [default: holdall-data].
    #[arg(long, env = "HOLDALL_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// A PostgreSQL URL, instead of SQLite in the data directory.
    #[arg(long, env = "HOLDALL_DATABASE", value_name = "URL", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// A TOML file with the same names as the flags, in snake case; flags and environment win over it.
    #[arg(long, env = "HOLDALL_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// What to log, for example `info` or `holdall=debug` [default: info].
    #[arg(long, env = "HOLDALL_LOG", value_name = "FILTER")]
    pub(crate) log: Option<String>,
    /// Log lines as `text` or `json` [default: text].
    #[arg(long, env = "HOLDALL_LOG_FORMAT", value_name = "FORMAT")]
    pub(crate) log_format: Option<String>,
}

/// `holdall serve`
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// The house to serve.
    #[command(flatten)]
    pub(crate) house: HouseFlags,
    /// The address to listen on; port 0 takes a free one [default: 127.0.0.1:8080].
    #[arg(long, env = "HOLDALL_LISTEN", value_name = "ADDR")]
    pub(crate) listen: Option<String>,
    /// The address clients reach the server by, for links and the service description.
    #[arg(long, env = "HOLDALL_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// The root element of SOAP answers whose page says `root`: `deployed` answers `response` there, as running servers do and
    /// client libraries want, `documented` answers `root` [default: deployed].
    #[arg(long, env = "HOLDALL_COMPAT", value_name = "ROOTS")]
    pub(crate) compat: Option<String>,
    /// A secret of 16 to 1,024 characters for which another server gets tickets for users (`CreateTicketforUser`), but for
    /// administrators; without it nobody does. Other users of the machine can see flags: prefer the environment or the file.
    #[arg(
        long,
        env = "HOLDALL_TRUSTED_PASSWORD",
        value_name = "SECRET",
        hide_env_values = true
    )]
    pub(crate) trusted_password: Option<String>,
    /// Let users learn only of libraries that they are members of or that are open to everybody. Without it everybody sees the
    /// names of all libraries, but of the others nothing that is in them.
    #[arg(long, env = "HOLDALL_ONLY_OWN_LIBRARIES")]
    pub(crate) only_own_libraries: bool,
    /// How the server meets its network.
    #[command(flatten)]
    pub(crate) network: NetworkFlags,
}

/// `holdall user`
#[derive(Args, Debug)]
pub(crate) struct User {
    /// What to do with accounts.
    #[command(subcommand)]
    pub(crate) command: UserCommand,
}

/// The commands about accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Make an account.
    Add(UserAdd),
}

/// `holdall user add`
#[derive(Args, Debug)]
pub(crate) struct UserAdd {
    /// The login name.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Put the account into the Administrators group.
    #[arg(long)]
    pub(crate) admin: bool,
    /// Read the password from the first line of standard input; without it one is generated and printed.
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// The house the account is made in.
    #[command(flatten)]
    pub(crate) house: HouseFlags,
}

/// `holdall demo`
#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// A directory of your documents; without it a varied tree is generated.
    #[arg(value_name = "DIR")]
    pub(crate) source: Option<PathBuf>,
    /// Exit after the round trip instead of serving on.
    #[arg(long)]
    pub(crate) once: bool,
    /// The address to listen on [default: 127.0.0.1 and a free port].
    #[arg(
        long,
        env = "HOLDALL_LISTEN",
        value_name = "ADDR",
        default_value = "127.0.0.1:0"
    )]
    pub(crate) listen: String,
}
