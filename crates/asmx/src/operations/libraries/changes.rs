//! Libraries made, changed and deleted.

use crate::protocol::{Answer, Call, Element, Given, Operation, Trouble};
use holdall_asmx_derive::Request;
use holdall_services::{Caller, Conflict, Failure, NewLibrary, Thing};

/// Makes a library. Only a system administrator may.
#[derive(Request)]
#[op("CreateDomain", group = "Libraries")]
pub(crate) struct CreateDomain {
    /// The library's name, which no other has in any case.
    #[wire("DomainName")]
    library: Given,
    /// Whether strangers may read where its access lists let them.
    #[wire("Anonymous")]
    anonymous: bool,
    /// Whether normal listings leave it out.
    #[wire("Hidden")]
    hidden: bool,
    /// A text that greets its visitors.
    #[wire("WelcomeMessage")]
    welcome_message: String,
}

impl Operation for CreateDomain {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let library = NewLibrary {
            name: self.library.0,
            anonymous: self.anonymous,
            hidden: self.hidden,
            welcome_message: self.welcome_message,
        };
        call.services.libraries.create(&caller, library).await?;
        Ok(Element::success().with("error", "").into())
    }
}

/// Gives a library a name, two flags and a welcome, all four each time. Its managers and system administrators may, unless it is
/// archived. Its root folder goes by the new name too, and so does every path in it.
#[derive(Request)]
#[op("UpdateDomain", group = "Libraries")]
pub(crate) struct UpdateDomain {
    /// The library's present name.
    #[wire("DomainName")]
    present_name: Given,
    /// The name it gets, which no other library has in any case; its present one to keep it.
    #[wire("NewDomainName")]
    library: Given,
    /// Whether strangers may read where its access lists let them.
    #[wire("Anonymous")]
    anonymous: bool,
    /// Whether normal listings leave it out.
    #[wire("Hidden")]
    hidden: bool,
    /// A text that greets its visitors; none when it is empty.
    #[wire("WelcomeMessage")]
    welcome_message: String,
}

impl Operation for UpdateDomain {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let new = NewLibrary {
            name: self.library.0,
            anonymous: self.anonymous,
            hidden: self.hidden,
            welcome_message: self.welcome_message,
        };
        let libraries = &call.services.libraries;
        libraries.update(&caller, &self.present_name.0, new).await?;
        Ok(Element::success().with("error", "").into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        matches!(failure, Failure::Conflict(Conflict::Exists(Thing::Library)))
            .then_some("Domain name already exists.")
    }
}

/// Deletes a library with all its folders, documents, versions, local groups and local users. Nothing of it goes to a recycle
/// bin and there is no way back. Only a system administrator may.
#[derive(Request)]
#[op("DeleteDomain", group = "Libraries")]
pub(crate) struct DeleteDomain {
    /// The library's name.
    #[wire("DomainName")]
    library: Given,
}

impl Operation for DeleteDomain {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.libraries.delete(&caller, &self.library.0).await?;
        Ok(Element::success().with("error", "").into())
    }
}
