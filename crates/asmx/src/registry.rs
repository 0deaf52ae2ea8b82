//! The list of operations, and the one way into them.

use crate::operations::{
    access, documents, downloads, folders, libraries, logs, people, sessions, system, uploads,
};
use crate::protocol::{Admit as _, Answer, Args, Call, File, Meta, Operation, Trouble};
use holdall_services::Failure;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;

/// Every operation, in the order of the help page and the WSDL.
pub(crate) static OPERATIONS: &[Entry] = &[
    entry::<sessions::AuthenticateUser>(),
    entry::<sessions::AuthenticateUser1>(),
    entry::<sessions::IsValidTicket>(),
    entry::<sessions::RenewTicket>(),
    entry::<sessions::LogOut>(),
    entry::<sessions::ServerInfo>(),
    entry::<sessions::CreateTicketforUser>(),
    entry::<people::GetCurrentUser>(),
    entry::<people::ChangeUserPassword>(),
    entry::<downloads::DownloadZipWithHandler>(),
    entry::<downloads::DownloadFileChunk>(),
    entry::<downloads::DeleteDownloadHandler>(),
    entry::<downloads::DownloadZip>(),
    entry::<downloads::GetDownloadHandler>(),
    entry::<downloads::GetDownloadHandlerByVersion>(),
    entry::<downloads::GetDownloadQue>(),
    entry::<downloads::AddToDownloadQueue>(),
    entry::<downloads::RemoveFromDownloadQueue>(),
    entry::<downloads::DownloadDocument>(),
    entry::<downloads::DownloadDocumentVersion>(),
    entry::<downloads::GetDownloadInfo>(),
    entry::<downloads::GetDownloadInfoByVersion>(),
    entry::<uploads::CreateUploadHandler>(),
    entry::<uploads::UploadFileChunk>(),
    entry::<uploads::DeleteUploadHandler>(),
    entry::<uploads::UploadDocument>(),
    entry::<uploads::UploadDocument1>(),
    entry::<uploads::UploadDocument2>(),
    entry::<uploads::UploadDocument3>(),
    entry::<uploads::UploadDocument4>(),
    entry::<uploads::UploadDocumentWithHandler>(),
    entry::<uploads::UploadDocumentWithHandler1>(),
    entry::<uploads::UploadDocumentWithHandler2>(),
    entry::<uploads::UploadDocumentWithHandler3>(),
    entry::<uploads::UploadNewDocumentWidthHandler>(),
    entry::<uploads::UploadZip>(),
    entry::<uploads::UploadZipWithHandler>(),
    entry::<libraries::CreateDomain>(),
    entry::<libraries::GetDomains>(),
    entry::<libraries::GetDomain>(),
    entry::<libraries::DomainExists>(),
    entry::<libraries::GetMemberDomains>(),
    entry::<libraries::UpdateDomain>(),
    entry::<libraries::DeleteDomain>(),
    entry::<libraries::GetDomainMembers>(),
    entry::<libraries::GetDomainUsers>(),
    entry::<libraries::GetManagers>(),
    entry::<libraries::AddUserAsDomainMember>(),
    entry::<libraries::RemoveUserFromDomainMembership>(),
    entry::<libraries::AddUserGroupAsDomainMember>(),
    entry::<libraries::RemoveUserGroupFromDomainMembership>(),
    entry::<libraries::AddManagerToDomain>(),
    entry::<libraries::RemoveManagerFromDomain>(),
    entry::<folders::CreateFolder>(),
    entry::<folders::GetFoldersAndDocuments>(),
    entry::<folders::GetFolder>(),
    entry::<folders::FolderExists>(),
    entry::<folders::GetDocuments>(),
    entry::<folders::GetDocuments1>(),
    entry::<folders::GetDocumentsByPage>(),
    entry::<folders::GetFolders>(),
    entry::<folders::GetFolders1>(),
    entry::<folders::GetFolders2>(),
    entry::<folders::GetFoldersByPage>(),
    entry::<folders::GetFoldersAndDocuments1>(),
    entry::<folders::GetFoldersAndDocuments2>(),
    entry::<folders::GetFoldersAndDocumentsByPage>(),
    entry::<folders::GetFoldersAndDocumentsByPage2>(),
    entry::<folders::GetFolderCatalog>(),
    entry::<folders::GetFolderStatistics>(),
    entry::<folders::GetParentFolderIDs>(),
    entry::<folders::GetSubFoldersCount>(),
    entry::<folders::CreateFolder1>(),
    entry::<folders::FolderExists1>(),
    entry::<folders::GetFolderRules>(),
    entry::<folders::SetFolderRules>(),
    entry::<folders::UpdateFolderProperties>(),
    entry::<folders::DeleteFolder>(),
    entry::<folders::Move>(),
    entry::<folders::Copy>(),
    entry::<folders::GetRecycleBinContent>(),
    entry::<folders::EmptyRecycleBin>(),
    entry::<folders::RestoreRecycleBinItem>(),
    entry::<folders::PurgeRecycleBinItem>(),
    entry::<documents::GetDocument>(),
    entry::<documents::DocumentExists>(),
    entry::<documents::DeleteDocument>(),
    entry::<documents::CreateDocumentShortcut>(),
    entry::<documents::CreateURL>(),
    entry::<documents::AddToFavorites>(),
    entry::<documents::RemoveFromFavorites>(),
    entry::<documents::GetFavorites>(),
    entry::<documents::GetRecentDocuments>(),
    entry::<documents::DocumentExists1>(),
    entry::<documents::DocumentAccessAllowed>(),
    entry::<documents::FolderAccessAllowed>(),
    entry::<documents::GetDocumentVersions>(),
    entry::<documents::GetDocumentVersion>(),
    entry::<documents::DeleteDocumentVersion>(),
    entry::<documents::PruneDocumentVersions>(),
    entry::<documents::UpdateVersionComment>(),
    entry::<documents::VerifyVersionHash>(),
    entry::<documents::PublishDocument>(),
    entry::<documents::UnpublishDocument>(),
    entry::<documents::UpdateDocumentProperties>(),
    entry::<documents::UpdateDocumentProperties1>(),
    entry::<documents::Lock>(),
    entry::<documents::IsLockPossible>(),
    entry::<documents::UnLock>(),
    entry::<documents::GetCheckedoutDocuments>(),
    entry::<people::CreateUser>(),
    entry::<people::DeleteUser>(),
    entry::<people::ChangeUserStatus>(),
    entry::<people::UpdateUserEmail>(),
    entry::<people::UpdateUserProfile>(),
    entry::<people::GetUser>(),
    entry::<people::GetAllUsers>(),
    entry::<people::UserExists>(),
    entry::<people::CreateUserGroup>(),
    entry::<people::DeleteUsergroup>(),
    entry::<people::AddUsergroupMember>(),
    entry::<people::RemoveUsergroupMember>(),
    entry::<people::GetUserGroup>(),
    entry::<people::GetUserGroupMembers>(),
    entry::<people::GetGlobalGroups>(),
    entry::<people::GetLocalGroups>(),
    entry::<people::GetGroupMembershipsOfUser>(),
    entry::<access::GetAccessList>(),
    entry::<access::SetAccessList>(),
    entry::<access::ApplyInheritedAccessList>(),
    entry::<access::GetOwner>(),
    entry::<access::SetOwner>(),
    entry::<logs::GetCheckInLog>(),
    entry::<logs::GetDeleteLog>(),
    entry::<logs::GetDocumentViewLog>(),
    entry::<logs::GetUserViewLog>(),
    entry::<system::GetGeneralAppSettings>(),
    entry::<system::SetGeneralAppSettings>(),
    entry::<system::GetApplicationParameters>(),
    entry::<system::GetMimeTypes>(),
    entry::<system::GetSystemStatistics>(),
];

type Running = Pin<Box<dyn Future<Output = Result<Answer, Trouble>> + Send>>;

/// An operation without its type.
pub(crate) struct Entry {
    /// Its declaration.
    pub(crate) meta: Meta,
    run: fn(Args, Call) -> Running,
    literal: fn(&Failure) -> Option<&'static str>,
}

const fn entry<O: Operation + 'static>() -> Entry {
    Entry {
        meta: O::META,
        run: |args, call| Box::pin(run::<O>(args, call)),
        literal: O::literal,
    }
}

/// Admits, decodes, runs. Three operations check their parameters' form before the ticket (CONTRACT section 1.5).
async fn run<O: Operation>(args: Args, call: Call) -> Result<Answer, Trouble> {
    if O::META.format_first {
        let request = O::decode(&args)?;
        let who = O::Who::admit(&O::META, &args, &call.services).await?;
        return request.run(who, &call).await;
    }
    let who = O::Who::admit(&O::META, &args, &call.services).await?;
    let request = O::decode(&args)?;
    drop(args);
    request.run(who, &call).await
}

/// The operation of a name in any case.
pub(crate) fn find(name: &str) -> Option<&'static Entry> {
    OPERATIONS
        .iter()
        .find(|entry| entry.meta.name.eq_ignore_ascii_case(name))
}

/// Calls an operation. Every trouble becomes an answer of the operation's own shape.
pub(crate) async fn dispatch(entry: &Entry, args: Args, call: Call) -> Answer {
    match (entry.run)(args, call).await {
        Ok(answer) => answer,
        Err(trouble) => {
            record(&entry.meta, &trouble);
            refuse(entry, &trouble)
        }
    }
}

/// Operations that answer a file fail with no bytes at all (CONTRACT section 1.2).
fn refuse(entry: &Entry, trouble: &Trouble) -> Answer {
    if entry.meta.answers_bytes {
        return Answer::File(File::empty());
    }
    let literal = match trouble {
        Trouble::Failure(failure) => (entry.literal)(failure),
        Trouble::Required(_) | Trouble::Invalid { .. } | Trouble::Source(_) | Trouble::Fixed(_) => None,
    };
    trouble.answer(&entry.meta, literal)
}

/// Defects go to the log with their causes; no argument ever does.
fn record(meta: &Meta, trouble: &Trouble) {
    if let Trouble::Failure(Failure::Internal(source)) = trouble {
        let mut causes = source.to_string();
        let mut next: Option<&dyn Error> = source.source();
        while let Some(cause) = next {
            causes.push_str(": ");
            causes.push_str(&cause.to_string());
            next = cause.source();
        }
        tracing::error!(operation = meta.name, causes, "an operation failed");
    }
}
