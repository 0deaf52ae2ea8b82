//! Requests as arguments: query and form, multipart, SOAP.

mod charset;
mod form;
mod multipart;
mod soap;

pub(crate) use charset::decode as decode_charset;
pub(crate) use form::urlencoded;
pub(crate) use multipart::multipart;
pub(crate) use soap::{Refusal, Soap, SoapCall, soap};
