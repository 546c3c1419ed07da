package org.rafiq

// Values are the generated ones, under this package's name: an app imports `org.rafiq` and nothing of `org.rafiq.ffi`.

typealias Accepted = org.rafiq.ffi.Accepted
typealias AlertId = org.rafiq.ffi.AlertId
typealias Arg = org.rafiq.ffi.Arg
typealias AttendanceMark = org.rafiq.ffi.AttendanceMark
typealias Budget = org.rafiq.ffi.Budget
typealias BundleReport = org.rafiq.ffi.BundleReport
typealias BundleWritten = org.rafiq.ffi.BundleWritten
typealias CalendarKind = org.rafiq.ffi.CalendarKind
typealias Carried = org.rafiq.ffi.Carried
typealias Changed = org.rafiq.ffi.Changed
typealias CheckIn = org.rafiq.ffi.CheckIn
typealias CheckInFilter = org.rafiq.ffi.CheckInFilter
typealias CheckInId = org.rafiq.ffi.CheckInId
typealias CheckInPage = org.rafiq.ffi.CheckInPage
typealias Contact = org.rafiq.ffi.Contact
typealias ContactKind = org.rafiq.ffi.ContactKind
typealias ContactWish = org.rafiq.ffi.ContactWish
typealias Damage = org.rafiq.ffi.Damage
typealias Damaged = org.rafiq.ffi.Damaged
typealias DateStyle = org.rafiq.ffi.DateStyle
typealias Direction = org.rafiq.ffi.Direction
typealias DirectoryInfo = org.rafiq.ffi.DirectoryInfo
typealias DueItem = org.rafiq.ffi.DueItem
typealias DueKind = org.rafiq.ffi.DueKind
typealias EnteredDate = org.rafiq.ffi.EnteredDate
typealias ErasingDevice = org.rafiq.ffi.ErasingDevice
typealias Erasure = org.rafiq.ffi.Erasure
typealias ErasureId = org.rafiq.ffi.ErasureId
typealias Exchange = org.rafiq.ffi.Exchange
typealias Feeling = org.rafiq.ffi.Feeling
typealias Freshness = org.rafiq.ffi.Freshness
typealias FreshnessLimits = org.rafiq.ffi.FreshnessLimits
typealias Goal = org.rafiq.ffi.Goal
typealias GoalId = org.rafiq.ffi.GoalId
typealias HeldItem = org.rafiq.ffi.HeldItem
typealias HeldWork = org.rafiq.ffi.HeldWork
typealias HelpKind = org.rafiq.ffi.HelpKind
typealias Hit = org.rafiq.ffi.Hit
typealias HitPage = org.rafiq.ffi.HitPage
typealias ImportReport = org.rafiq.ffi.ImportReport
typealias InvitePreview = org.rafiq.ffi.InvitePreview
typealias InviteText = org.rafiq.ffi.InviteText
typealias JoinRequest = org.rafiq.ffi.JoinRequest
typealias JoinRequestId = org.rafiq.ffi.JoinRequestId
typealias Kit = org.rafiq.ffi.Kit
typealias KitWords = org.rafiq.ffi.KitWords
typealias LanguageInfo = org.rafiq.ffi.LanguageInfo
typealias Mark = org.rafiq.ffi.Mark
typealias Me = org.rafiq.ffi.Me
typealias Meeting = org.rafiq.ffi.Meeting
typealias MeetingChoice = org.rafiq.ffi.MeetingChoice
typealias MeteredLine = org.rafiq.ffi.MeteredLine
typealias Milestone = org.rafiq.ffi.Milestone
typealias MilestoneInfo = org.rafiq.ffi.MilestoneInfo
typealias Modality = org.rafiq.ffi.Modality
typealias NewCheckIn = org.rafiq.ffi.NewCheckIn
typealias NewContact = org.rafiq.ffi.NewContact
typealias NewGroup = org.rafiq.ffi.NewGroup
typealias NewMe = org.rafiq.ffi.NewMe
typealias NewPairing = org.rafiq.ffi.NewPairing
typealias NewPerson = org.rafiq.ffi.NewPerson
typealias NewSession = org.rafiq.ffi.NewSession
typealias NextMeeting = org.rafiq.ffi.NextMeeting
typealias Pairing = org.rafiq.ffi.Pairing
typealias PairingId = org.rafiq.ffi.PairingId
typealias PairingPerson = org.rafiq.ffi.PairingPerson
typealias Person = org.rafiq.ffi.Person
typealias PersonRef = org.rafiq.ffi.PersonRef
typealias PlanStep = org.rafiq.ffi.PlanStep
typealias Precision = org.rafiq.ffi.Precision
typealias Presence = org.rafiq.ffi.Presence
typealias ProfileState = org.rafiq.ffi.ProfileState
typealias Reach = org.rafiq.ffi.Reach
typealias ReachedMilestone = org.rafiq.ffi.ReachedMilestone
typealias Received = org.rafiq.ffi.Received
typealias ReceivedAlert = org.rafiq.ffi.ReceivedAlert
typealias RelayStatus = org.rafiq.ffi.RelayStatus
typealias Reminder = org.rafiq.ffi.Reminder
typealias ReportKind = org.rafiq.ffi.ReportKind
typealias RowProblem = org.rafiq.ffi.RowProblem
typealias Said = org.rafiq.ffi.Said
typealias Service = org.rafiq.ffi.Service
typealias ServiceContact = org.rafiq.ffi.ServiceContact
typealias ServicePhone = org.rafiq.ffi.ServicePhone
typealias ServicePlace = org.rafiq.ffi.ServicePlace
typealias ServiceReport = org.rafiq.ffi.ServiceReport
typealias ServiceSchedule = org.rafiq.ffi.ServiceSchedule
typealias ServiceText = org.rafiq.ffi.ServiceText
typealias Session = org.rafiq.ffi.Session
typealias SessionId = org.rafiq.ffi.SessionId
typealias SessionPage = org.rafiq.ffi.SessionPage
typealias Share = org.rafiq.ffi.Share
typealias SharedSpace = org.rafiq.ffi.SharedSpace
typealias SpaceKind = org.rafiq.ffi.SpaceKind
typealias SpaceProgress = org.rafiq.ffi.SpaceProgress
typealias SpaceRole = org.rafiq.ffi.SpaceRole
typealias Spoken = org.rafiq.ffi.Spoken
typealias Standing = org.rafiq.ffi.Standing
typealias StoredProfile = org.rafiq.ffi.StoredProfile
typealias SupportGroup = org.rafiq.ffi.SupportGroup
typealias SupportGroupId = org.rafiq.ffi.SupportGroupId
typealias SupportModelInfo = org.rafiq.ffi.SupportModelInfo
typealias SupportRole = org.rafiq.ffi.SupportRole
typealias SyncStatus = org.rafiq.ffi.SyncStatus
typealias WaitingFor = org.rafiq.ffi.WaitingFor

// What a host supplies.

typealias ByteSink = org.rafiq.ffi.ByteSink
typealias ByteSource = org.rafiq.ffi.ByteSource
typealias HostClock = org.rafiq.ffi.HostClock
typealias KeyVault = org.rafiq.ffi.KeyVault
typealias ProgressListener = org.rafiq.ffi.ProgressListener
typealias HostRandom = org.rafiq.ffi.HostRandom

/** What a host's own code throws. */
typealias HostException = org.rafiq.ffi.HostException

/** Something of the host's failed. */
typealias HostFailed = org.rafiq.ffi.HostException.Failed

/** The platform no longer holds the key. */
typealias KeyGone = org.rafiq.ffi.HostException.KeyGone

// The cases of values that have some (Kotlin reaches no nested class through a typealias).

/** Nobody else sees the check-in. */
typealias SharePrivate = org.rafiq.ffi.Share.Private

/** The members of a pairing see the check-in. */
typealias SharePairing = org.rafiq.ffi.Share.Pairing

/** A milestone of the model's catalogue. */
typealias MilestoneListed = org.rafiq.ffi.Milestone.Catalogue

/** A milestone in own words. */
typealias MilestoneOwn = org.rafiq.ffi.Milestone.Own

/** What a person wrote, in a sentence. */
typealias ArgText = org.rafiq.ffi.Arg.Text

/** A count in a sentence. */
typealias ArgNumber = org.rafiq.ffi.Arg.Number

/** A telephone number in a sentence. */
typealias ArgPhone = org.rafiq.ffi.Arg.Phone

/** A date or another sentence of ours in a sentence. */
typealias ArgFormatted = org.rafiq.ffi.Arg.Formatted

/** A moment in a sentence, written as the language writes dates. */
typealias ArgMoment = org.rafiq.ffi.Arg.Moment

/** Nothing yet: `Rafiq.open` makes a profile. */
typealias ProfileEmpty = org.rafiq.ffi.ProfileState.Empty

/** Opens as it is. */
typealias ProfileReady = org.rafiq.ffi.ProfileState.Ready

/** Opens with a passphrase. */
typealias ProfileNeedsPassphrase = org.rafiq.ffi.ProfileState.NeedsPassphrase

/** Opens, and brings the store to this version's form first. */
typealias ProfileNeedsMigration = org.rafiq.ffi.ProfileState.NeedsMigration

/** The platform no longer has the key. */
typealias ProfileKeyLost = org.rafiq.ffi.ProfileState.KeyLost

/** Damaged; kept as it is. */
typealias ProfileCorrupt = org.rafiq.ffi.ProfileState.Corrupt

/** A newer app wrote it. */
typealias ProfileNewerVersion = org.rafiq.ffi.ProfileState.NewerVersion

/** Another process has it open. */
typealias ProfileInUse = org.rafiq.ffi.ProfileState.InUse
typealias WordsState = org.rafiq.ffi.WordsState
