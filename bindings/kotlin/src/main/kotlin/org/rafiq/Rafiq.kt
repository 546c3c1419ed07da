package org.rafiq

import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import org.rafiq.ffi.ChangeListener
import org.rafiq.ffi.changePassphrase
import org.rafiq.ffi.checkSupportModel
import org.rafiq.ffi.fileKeyVault
import org.rafiq.ffi.inspectProfile
import org.rafiq.ffi.listProfiles
import org.rafiq.ffi.setProfileAside
import org.rafiq.ffi.wipeProfile
import java.io.File
import java.io.InputStream
import org.rafiq.ffi.Rafiq as Core

/**
 * One person's profile on this device: the nouns, sync, and what they stand on.
 *
 * ```
 * val rafiq = Rafiq.open(File(context.filesDir, "profile"), keystoreVault)
 * rafiq.people.setMe(NewMe(name = "آمنه", language = "prs"))
 * rafiq.checkIns.record(NewCheckIn(Feeling.GOOD, contact = ContactWish.NO, share = SharePrivate))
 * rafiq.watch { checkIns.list(CheckInFilter(), 20).items }.collect { show(it) }
 * ```
 *
 * Calls suspend and run where they may wait for the disk; but for [exchange] none waits for the network. They throw
 * [RafiqException]; after [close] it is [RafiqException.Closed].
 */
class Rafiq private constructor(private val core: Core) : AutoCloseable {
    private val exchanging = Mutex()

    /** People: oneself, and those in each space. */
    val people = People(core.people())

    /** Check-ins: how it is going, for oneself or for a mentor. */
    val checkIns = CheckIns(core.checkIns())

    /** Groups: who they are, when they meet, who came. */
    val groups = SupportGroups(core.groups())

    /** Pairings: the next meeting, goals, milestones, the plan. */
    val mentoring = Mentoring(core.mentoring())

    /** The directory of services. */
    val directory = Directory(core.directory())

    /** Alerts from those who ask to be contacted. */
    val safety = Safety(core.safety())

    /** The recovery kit: twelve words on paper for the day on which the phone is gone. */
    val recovery = Recovery(core.recovery())

    /** Invites and spaces. */
    val sharing = Sharing(core.sharing())

    /** What is due now, across nouns. */
    val today = Today(core.today())

    /** The sync engine. */
    val sync = SyncEngine(core.sync())

    /** The support models that can be used. */
    suspend fun supportModels(): List<SupportModelInfo> = call { core.supportModels() }

    /**
     * What support models given to [open] say in their own files and [language] (BCP 47) does not, by message id: to be asked once when a
     * language is opened, and to be looked into before [Language.texts], which does not know these. A sentence that is shipped holds for all
     * models, unless it is in another language and the file's is not.
     */
    suspend fun modelTexts(language: String): Map<String, Spoken> = call { core.modelTexts(language) }

    /**
     * Exchanges with a relay, or with all of this profile's, until nothing is left to do. Where [carrier] fails, what was received
     * stays, and the next exchange goes on from there. One at a time: a second call waits for the first.
     */
    suspend fun exchange(
        relay: String? = null,
        budget: Budget = Budget(512L * 1024),
        rounds: Int = 16,
        carrier: Carrier = HttpCarrier(),
    ): List<Received> = exchanging.withLock {
        val received = ArrayList<Received>()
        for (url in relay?.let(::listOf) ?: sync.relays()) {
            for (round in 1..rounds) {
                val answer = carrier.carry(sync.nextExchange(url, budget))
                received += call { core.receive(answer) }
                if (!received.last().again) break
            }
        }
        received
    }

    /**
     * On a new phone: finds the personal space of a recovery kit. Then this profile is the person's, under the name that they had; what they
     * have written comes with the next [exchange], and once all of it is here ([Recovery.isReading]) their lost phone is taken out. Where
     * [carrier] fails nothing has changed, and one may try again.
     *
     * Errors: as [Recovery.check]; `Invalid{relay, …}`; `Invalid{profile, in-use}` if something was written or shared in this profile already:
     * make another one on this phone; `Invalid{words, no-kit}`: this relay knows no kit of these words (another relay may, or another kit has
     * replaced it); `Invalid{relay, busy}`.
     */
    suspend fun recover(words: String, relay: String, carrier: Carrier = HttpCarrier()) = exchanging.withLock {
        var exchange: Exchange? = recovery.begin(words, relay)
        try {
            while (exchange != null) exchange = recovery.take(carrier.carry(exchange))
        } finally {
            withContext(NonCancellable) { recovery.giveUp() }
        }
    }

    /**
     * Reads a bundle that [SyncEngine.writeBundle] has written, here or elsewhere. What is damaged in it is no exception but part of the
     * report. Reading it again does no harm.
     *
     * Errors: `NotFound`, `Invalid{file, not-a-bundle}`; `StorageFull` and the like, after which the bundle may be read again.
     */
    suspend fun readBundle(file: File): BundleReport = call { core.readBundle(file.path) }

    /**
     * The same from any stream: a document that the person has picked, a socket. It is not closed here. Where it fails, the report says
     * `UNREADABLE`.
     */
    suspend fun readBundle(stream: InputStream): BundleReport = call { core.readBundleSource(StreamSource(stream)) }

    /**
     * What changes from the moment of collecting: each element is what changed since the last one, merged by noun and never dropped,
     * however slow the collector. No keys (or more than 100 of them): look at everything of the noun.
     */
    fun changes(): Flow<List<Changed>> = flow {
        val heard = Heard()
        signals(heard).collect { heard.take()?.let { changed -> emit(changed) } }
    }

    /** What [query] answers, now and after every change, when it differs. */
    fun <T> watch(query: suspend Rafiq.() -> T): Flow<T> =
        signals(Heard(), atOnce = true).map { query() }.distinctUntilChanged()

    private fun signals(heard: Heard, atOnce: Boolean = false): Flow<Unit> = callbackFlow {
        val subscription = call {
            core.subscribe(object : ChangeListener {
                override fun changed(changes: List<Changed>) {
                    heard.add(changes)
                    trySend(Unit)
                }
            })
        }
        if (atOnce) trySend(Unit)
        awaitClose { subscription.use { it.cancel() } }
    }.conflate()

    /** Checkpoints and closes the files; calls throw `Closed` until [resume]. Apps call it before the system suspends them. */
    suspend fun suspend() = call { core.suspend() }

    /** Opens the files again. */
    suspend fun resume() = call { core.resume() }

    /** Closes the files and gives the folder free for another process. Idempotent. May wait for the disk. */
    override fun close() {
        try {
            core.shutdown()
        } catch (_: IllegalStateException) {
            return // closed before
        }
        listOf(people::free, checkIns::free, groups::free, mentoring::free, directory::free, safety::free, recovery::free, sharing::free, today::free)
            .forEach { it() }
        sync.free()
        core.close()
    }

    /** A bug of ours, in the middle of a write; for tests. */
    suspend fun panicForTests() = call { core.panicForTests() }

    companion object {
        /**
         * Opens the profile in a folder, or makes one in an empty folder.
         *
         * [vault] is the platform's secret: an Android Keystore key on a phone; without one it lies in a file in the folder, readable by
         * its owner alone. [models] are the TOML texts of further support models.
         */
        suspend fun open(
            folder: File,
            vault: KeyVault? = null,
            passphrase: String? = null,
            clock: HostClock? = null,
            random: HostRandom? = null,
            models: List<String> = emptyList(),
            progress: ProgressListener? = null,
        ): Rafiq = call {
            Rafiq(Core.open(folder.path, vault ?: fileKeyVault(folder.path), passphrase, clock, random, models, progress))
        }

        /**
         * The profiles in the folders directly under [root], each with a store, a key and a passphrase of its own, also those that are damaged or in
         * use; none that was wiped. Give each a vault of its own, named by its id: a wipe deletes that vault's key. Whoever can look into
         * [root] sees how many there are.
         */
        suspend fun profiles(root: File): List<StoredProfile> = call { listProfiles(root.path) }

        /** A place under [root] for one more profile. Nothing is written: [open] makes it there, and from then on it is listed. */
        suspend fun newProfile(root: File): StoredProfile = call { org.rafiq.ffi.newProfile(root.path) }

        /** Looks at a profile's folder without changing anything. */
        suspend fun inspect(folder: File, vault: KeyVault? = null): ProfileState =
            call { inspectProfile(folder.path, vault ?: fileKeyVault(folder.path)) }

        /**
         * Sets, changes or ([new] is null) takes away a profile's passphrase; it may be open meanwhile. Takes about a second each.
         * [RafiqException.Locked] without the old one where one is in use; after any exception the old one holds.
         */
        suspend fun changePassphrase(folder: File, old: String?, new: String?, vault: KeyVault? = null) =
            call { changePassphrase(folder.path, vault ?: fileKeyVault(folder.path), old, new) }

        /**
         * Puts a damaged store aside (nothing is deleted), so that the next [open] begins a fresh one, which its spaces must invite
         * again: where it went. `Invalid(profile, not-damaged)` for a store that can be read; it stays.
         */
        suspend fun setAside(folder: File, passphrase: String? = null, vault: KeyVault? = null): File =
            call { File(setProfileAside(folder.path, vault ?: fileKeyVault(folder.path), passphrase)) }

        /** Forgets a profile: key, then store. Ask twice first; if it fails, call it again. `InUse` while it is open. */
        suspend fun wipe(folder: File, vault: KeyVault? = null) = call { wipeProfile(folder.path, vault ?: fileKeyVault(folder.path)) }

        /** The language that a profile was last used in, kept beside it in clear: for the question for its passphrase. */
        suspend fun lastLanguage(folder: File): String? = call { org.rafiq.ffi.lastLanguage(folder.path) }

        /** Keeps the language for [lastLanguage]. */
        suspend fun keepLanguage(folder: File, tag: String) = call { org.rafiq.ffi.keepLanguage(folder.path, tag) }

        /** Reads the TOML text of a support model without taking it in: its id. */
        suspend fun checkModel(text: String): String = call { checkSupportModel(text) }
    }
}

/** What was heard and not yet taken, by noun; null keys mean everything of it. */
private class Heard {
    private val pending = LinkedHashMap<String, LinkedHashSet<String>?>()

    @Synchronized
    fun add(changes: List<Changed>) {
        for ((noun, keys) in changes) {
            val known = if (noun in pending) pending[noun] ?: continue else LinkedHashSet()
            known += keys
            pending[noun] = known.takeIf { keys.isNotEmpty() && it.size <= MOST_KEYS }
        }
    }

    @Synchronized
    fun take(): List<Changed>? {
        if (pending.isEmpty()) return null
        return pending.map { (noun, keys) -> Changed(noun, keys?.toList().orEmpty()) }.also { pending.clear() }
    }

    private companion object {
        const val MOST_KEYS = 100
    }
}
