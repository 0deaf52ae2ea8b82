//! Changes of accounts, and their end.

use crate::protocol::{AccountStatus, Answer, Call, Element, Given, Operation, Secret, Trouble};
use holdall_asmx_derive::Request;
use holdall_services::{Caller, Failure, ProfileChange, Thing};

/// Deletes a user with the tickets, memberships and entries in access lists. What the user owns stays, without an owner. Only a
/// system administrator may, and only while the user has no document checked out.
#[derive(Request)]
#[op("DeleteUser", group = "Security")]
pub(crate) struct DeleteUser {
    /// The login name in any case, or `ID:` and the user's id.
    #[wire("UserName")]
    login: Given,
}

impl Operation for DeleteUser {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        call.services.people.delete_user(&caller, &self.login.0).await?;
        Ok(done())
    }
}

/// Lets an account be used, or not; then its tickets end at once. Only a system administrator may.
#[derive(Request)]
#[op("ChangeUserStatus", group = "Security")]
pub(crate) struct ChangeUserStatus {
    /// The login name in any case, or `ID:` and the user's id.
    #[wire("UserName")]
    login: Given,
    /// 0 disables the account, 1 enables it.
    #[wire("StatusCode")]
    status: AccountStatus,
}

impl Operation for ChangeUserStatus {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let people = &call.services.people;
        people.set_enabled(&caller, &self.login.0, self.status.0).await?;
        Ok(done())
    }
}

/// Sets an email address: one's own, or as system administrator anybody's.
#[derive(Request)]
#[op("UpdateUserEmail", group = "Security")]
pub(crate) struct UpdateUserEmail {
    /// The login name in any case, or `ID:` and the user's id.
    #[wire("UserName")]
    login: Given,
    /// The address, of up to 255 bytes.
    #[wire("NewEmailAddress")]
    email: Given,
}

impl Operation for UpdateUserEmail {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let people = &call.services.people;
        people.set_email(&caller, &self.login.0, &self.email.0).await?;
        Ok(done())
    }
}

/// Renames a user, whose tickets stay good. Only a system administrator may.
#[derive(Request)]
#[op("UpdateUserProfile", group = "Security")]
pub(crate) struct UpdateUserProfile {
    /// The present login name in any case, or `ID:` and the user's id.
    #[wire("UserName")]
    login: Given,
    /// The login name to have, which no other user has in any case.
    #[wire("NewUserName")]
    new_login: Given,
    /// The first name to have.
    #[wire("NewFirstName")]
    first_name: Given,
    /// The last name to have.
    #[wire("NewLastName")]
    last_name: Given,
    /// Who checks the password: `native`; empty leaves it as it is.
    #[wire("AuthenticateSource")]
    authentication_source: String,
}

impl Operation for UpdateUserProfile {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let profile = ProfileChange {
            login: self.new_login.0,
            first_name: self.first_name.0,
            last_name: self.last_name.0,
            authentication_source: self.authentication_source,
        };
        let people = &call.services.people;
        people.set_profile(&caller, &self.login.0, profile).await?;
        Ok(done())
    }
}

/// Sets a password: one's own, or anybody's as system administrator or user manager, but no administrator's as user manager. All
/// other tickets of the user end at once. The old password is not asked for.
#[derive(Request)]
#[op(
    "ChangeUserPassword",
    group = "Auth",
    root = "root",
    ticket = "AuthenticationTicket"
)]
pub(crate) struct ChangeUserPassword {
    /// The login name in any case, or `ID:` and the user's id.
    #[wire("UserName")]
    login: Given,
    /// The new password: 8 to 1,024 characters, not the present one.
    #[wire("NewPassword")]
    password: Secret,
}

impl Operation for ChangeUserPassword {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let people = &call.services.people;
        people
            .change_password(&caller, &self.login.0, self.password.reveal())
            .await?;
        Ok(Element::success().into())
    }

    fn literal(failure: &Failure) -> Option<&'static str> {
        match failure {
            Failure::NotFound(Thing::User) => Some("User not found"),
            Failure::Denied => Some("Insufficient rights"),
            _ => None,
        }
    }
}

fn done() -> Answer {
    Element::success().with("error", "").into()
}
