package org.rafiq

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.util.concurrent.atomic.AtomicLong
import org.rafiq.ffi.RafiqException as CoreException

/**
 * What a call throws when it cannot do what was asked. Holds no personal data, so it may be logged. Show people
 * [Language.errorText], never [message].
 */
sealed class RafiqException(words: String) : Exception(words) {
    /** No such record, document or space here (any more). */
    class NotFound : RafiqException("not found")

    /** An argument cannot be used: [field] in the call's own words, [reason] in one stable word. */
    class Invalid(val field: String, val reason: String) : RafiqException("invalid $field: $reason")

    /** The person concerned has not agreed to this [purpose]. */
    class NoConsent(val purpose: String) : RafiqException("no consent for $purpose")

    /** This device may not do this in this space; [role] was not enough. */
    class NotAllowed(val role: String) : RafiqException("not allowed for a $role")

    /** A passphrase is needed before anything can be read. */
    class Locked : RafiqException("locked")

    /** The passphrase is not the right one; nothing was changed. */
    class WrongPassphrase : RafiqException("wrong passphrase")

    /** Too many passphrases were wrong: the next is looked at after so many [seconds]. Nothing was changed. */
    class TryLater(val seconds: Long) : RafiqException("try again in $seconds s")

    /** The key does not belong to this store. */
    class WrongKey : RafiqException("wrong key")

    /** The platform no longer has the key; the store is kept and cannot be read. */
    class KeyLost : RafiqException("key lost")

    /** The store's file is damaged. It is kept as it is. */
    class Corrupt : RafiqException("corrupt store")

    /** A newer app wrote this store or message; an upgrade is needed. */
    class NewerVersion : RafiqException("written by a newer version")

    /** Another process has this profile open. */
    class InUse : RafiqException("in use by another process")

    /** No room on the device. Nothing was half-written. */
    class StorageFull : RafiqException("storage full")

    /** The disk did not do what was asked; [code] is SQLite's extended result code. */
    class Storage(val code: Int) : RafiqException("storage failed with code $code")

    /** The profile is suspended or closed. */
    class Closed : RafiqException("closed")

    /** The caller stopped the work; what was done up to then is kept. */
    class Cancelled : RafiqException("cancelled")

    /** Something that the host supplies failed; also a carrier that reached no relay: `no-connection`, `relay-503`, `too-large`. */
    class Host(val reason: String) : RafiqException("host: $reason")

    /** A mistake of ours. Nothing was half-written, and the profile still works. */
    class Bug(val place: String) : RafiqException("bug at $place")
}

/** Runs a blocking call of the core where it may wait for the disk. */
internal suspend fun <T> call(work: () -> T): T = withContext(Dispatchers.IO) { translated(work) }

/** How many calls went to the core: for the tests that keep the start of a screen cheap. */
internal val callsToCore = AtomicLong()

/** Runs a call of the core with this package's exceptions. */
internal inline fun <T> translated(work: () -> T): T {
    callsToCore.incrementAndGet()
    return try {
        work()
    } catch (error: CoreException) {
        throw ours(error)
    } catch (_: IllegalStateException) { // the generated object was freed
        throw RafiqException.Closed()
    }
}

@PublishedApi
internal fun ours(error: CoreException): RafiqException =
    when (error) {
        is CoreException.NotFound -> RafiqException.NotFound()
        is CoreException.Invalid -> RafiqException.Invalid(error.field, error.reason)
        is CoreException.NoConsent -> RafiqException.NoConsent(error.purpose)
        is CoreException.NotAllowed -> RafiqException.NotAllowed(error.role)
        is CoreException.Locked -> RafiqException.Locked()
        is CoreException.WrongPassphrase -> RafiqException.WrongPassphrase()
        is CoreException.TryLater -> RafiqException.TryLater(error.seconds)
        is CoreException.WrongKey -> RafiqException.WrongKey()
        is CoreException.KeyLost -> RafiqException.KeyLost()
        is CoreException.Corrupt -> RafiqException.Corrupt()
        is CoreException.NewerVersion -> RafiqException.NewerVersion()
        is CoreException.InUse -> RafiqException.InUse()
        is CoreException.StorageFull -> RafiqException.StorageFull()
        is CoreException.Storage -> RafiqException.Storage(error.code)
        is CoreException.Closed -> RafiqException.Closed()
        is CoreException.Cancelled -> RafiqException.Cancelled()
        is CoreException.Host -> RafiqException.Host(error.reason)
        is CoreException.Bug -> RafiqException.Bug(error.place)
    }

/** The core's exception of the same kind, for the calls that say an error. */
internal fun core(error: RafiqException): CoreException =
    when (error) {
        is RafiqException.NotFound -> CoreException.NotFound()
        is RafiqException.Invalid -> CoreException.Invalid(error.field, error.reason)
        is RafiqException.NoConsent -> CoreException.NoConsent(error.purpose)
        is RafiqException.NotAllowed -> CoreException.NotAllowed(error.role)
        is RafiqException.Locked -> CoreException.Locked()
        is RafiqException.WrongPassphrase -> CoreException.WrongPassphrase()
        is RafiqException.TryLater -> CoreException.TryLater(error.seconds)
        is RafiqException.WrongKey -> CoreException.WrongKey()
        is RafiqException.KeyLost -> CoreException.KeyLost()
        is RafiqException.Corrupt -> CoreException.Corrupt()
        is RafiqException.NewerVersion -> CoreException.NewerVersion()
        is RafiqException.InUse -> CoreException.InUse()
        is RafiqException.StorageFull -> CoreException.StorageFull()
        is RafiqException.Storage -> CoreException.Storage(error.code)
        is RafiqException.Closed -> CoreException.Closed()
        is RafiqException.Cancelled -> CoreException.Cancelled()
        is RafiqException.Host -> CoreException.Host(error.reason)
        is RafiqException.Bug -> CoreException.Bug(error.place)
    }
