//! Accounts.

use crate::protocol::{Answer, Call, Element, Given, Operation, Secret, Trouble};
use holdall_asmx_derive::Request;
use holdall_services::{Caller, NewUser};

/// Makes a user. Only a system administrator may.
#[derive(Request)]
#[op("CreateUser", group = "Security")]
pub(crate) struct CreateUser {
    /// A library to make the user a member of; none when it is empty.
    #[wire("DomainName")]
    library: String,
    /// The login name, which no other user has in any case.
    #[wire("UserName")]
    login: Given,
    /// The first name.
    #[wire("FirstName")]
    first_name: Given,
    /// The last name.
    #[wire("LastName")]
    last_name: Given,
    /// The email address.
    #[wire("EmailAddress")]
    email: String,
    /// The password; without one the user cannot log in.
    #[wire("Password")]
    password: Secret,
    /// Whether the user may change nothing anywhere.
    #[wire("ReadOnlyUser")]
    read_only: bool,
    /// Who checks the password: `native`, also when it is empty.
    #[wire("AuthenticationSource")]
    authentication_source: String,
}

impl Operation for CreateUser {
    async fn run(self, caller: Caller, call: &Call) -> Result<Answer, Trouble> {
        let some = |text: &str| Some(text).filter(|text| !text.is_empty()).map(str::to_owned);
        let user = NewUser {
            login: self.login.0,
            first_name: self.first_name.0,
            last_name: self.last_name.0,
            email: self.email,
            password: some(self.password.reveal()),
            library: some(self.library.trim()),
            read_only: self.read_only,
            authentication_source: self.authentication_source,
        };
        let id = call.services.people.create_user(&caller, user).await?;
        Ok(Element::success().with_number("id", &id).with("error", "").into())
    }
}
