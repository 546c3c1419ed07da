"""Rafiq: an offline-first companion library for peer-support networks.

    import rafiq

    with rafiq.open("profile") as profile:
        profile.people.set_me(rafiq.NewMe(name="Олена", language="uk"))
        profile.check_ins.record(rafiq.NewCheckIn(
            feeling=rafiq.Feeling.GOOD, contact=rafiq.ContactWish.NO, share=rafiq.Share.PRIVATE()))
        print(rafiq.say("uk", "error-wrong-passphrase"))

Calls are plain and blocking; each may wait for the disk and, but for `exchange`, never for the network. A call that cannot do what was
asked raises a `RafiqError`: show people `Language.error_text(error)`, never `str(error)`.
"""

from .rafiq_ffi import (  # the generated calls; nothing else imports them
    Accepted, AlertId, Arg, AttendanceMark, Budget, BundleReport, BundleWritten, ByteSink, ByteSource, CalendarKind, Carried, Changed,
    ChangeListener, CheckIn, CheckInFilter,
    CheckInId, CheckInPage, CheckIns, Contact, ContactKind, ContactWish, Damage, Damaged, DateStyle, Direction, Directory, DirectoryInfo,
    DueItem, DueKind, EnteredDate, Erasure, ErasureId, ErasingDevice, Exchange, Feeling, Freshness, FreshnessLimits,
    Goal, GoalId, HeldItem, HeldWork, HelpKind, Hit, HitPage, HostClock,
    HostError, HostRandom, ImportReport, InvitePreview, InviteText, JoinRequest, JoinRequestId, KeyVault, Kit, KitWords, Language, LanguageInfo, Mark, Me,
    Meeting, MeetingChoice, Mentoring, MeteredLine, Milestone, MilestoneInfo, Modality, NewCheckIn, NewContact, NewGroup, NewMe, NewPairing,
    NewPerson, NewSession, NextMeeting, Pairing, PairingId, PairingPerson, People, Person, PersonRef, PlanStep, Precision, Presence,
    ProfileState, ProgressListener, RafiqError, Reach, ReachedMilestone, Received, ReceivedAlert, Recovery, RelayStatus, Reminder, ReportKind,
    RowProblem, Safety, Said, Service, ServiceContact, ServicePhone, ServicePlace, ServiceReport, ServiceSchedule, ServiceText, Session,
    SessionId, SessionPage, Share, SharedSpace, Sharing, SpaceKind, SpaceProgress, SpaceRole, Spoken, Standing, StoredProfile, Subscription, SupportGroup, SupportGroupId,
    SupportGroups, SupportModelInfo, SupportRole, SyncEngine, SyncStatus, Today, WaitingFor, WordsState, available_languages, check_kit_words,
    check_support_model, contact_kind_text_id, contact_wish_text_id, damaged_text_id, error_message_id, feeling_text_id, file_key_vault, help_text_id,
    keep_language, kit_words_beginning, last_language, parse_number, presence_text_id, words_text_id,
)
from .carrier import http_carrier
from .profile import Changes, Rafiq, change_passphrase, inspect, new_profile, open, profiles, say, set_aside, wipe

__all__ = [name for name in dir() if not name.startswith("_") and name not in ("carrier", "profile", "rafiq_ffi")]
