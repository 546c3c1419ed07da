package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import org.rafiq.Carrier
import org.rafiq.HostClock
import org.rafiq.HostRandom
import org.rafiq.HttpCarrier
import org.rafiq.KeyGone
import org.rafiq.KeyVault
import org.rafiq.PairingId
import org.rafiq.Reach
import org.rafiq.SupportGroupId
import java.io.File

/** 2026-11-22 08:00 UTC: a Sunday. */
const val START_MS = 1_795_334_400_000L
const val HOUR_MS = 60L * 60 * 1000
const val DAY_MS = 24 * HOUR_MS

/** A clock that moves only when it is told to. */
class HandClock(@Volatile var now: Long = START_MS) : HostClock {
    override fun nowMs(): Long = now
}

/** A platform key that can be lost. */
class TestVault(@Volatile var key: Int? = 7) : KeyVault {
    override fun wrap(secret: ByteArray): ByteArray =
        (key ?: throw KeyGone()).let { key -> ByteArray(secret.size) { (secret[it].toInt() xor key).toByte() } }
    override fun unwrap(wrapped: ByteArray): ByteArray = wrap(wrapped)
    override fun delete() { key = null }
}

/** A phone with the app on it: the real library, and presenters instead of screens. */
class Phone(
    val folder: File,
    private val deviceLanguage: String = "en",
    val clock: HandClock = HandClock(),
    val vault: TestVault = TestVault(),
    carrier: Carrier = HttpCarrier(),
    random: HostRandom? = null,
    pause: suspend (Long) -> Unit = { kotlinx.coroutines.delay(it) },
    patienceMs: Long = 5_000,
    metered: () -> Boolean = { false },
    models: List<String> = emptyList(),
) : AutoCloseable {
    /** What the screens of this phone live in. */
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    val host = Host(folder, vault, { deviceLanguage }, { ZONE }, clock, carrier, random, models, pause, patienceMs = patienceMs, metered = metered)
    val app = AppPresenter(host, scope)

    val session: Session get() = (app.content().at as? Where.Open ?: error("not open: ${app.state.value}")).session

    suspend fun start() = also { app.on(AppEvent.Start).join() }

    /** Goes through the first steps as a person does. */
    suspend fun setUp(name: String, language: String, passphrase: String? = null) = also {
        start()
        val setUp = SetUpPresenter(app, scope)
        setUp.on(SetUpEvent.ChooseLanguage(language))
        setUp.on(SetUpEvent.Next)
        setUp.on(SetUpEvent.EnterName(name))
        setUp.on(SetUpEvent.Next)
        setUp.on(SetUpEvent.ChooseProtection(passphrase != null))
        passphrase?.let { setUp.on(SetUpEvent.EnterPassphrase(it, it)) }
        setUp.on(SetUpEvent.Finish).join()
        session
    }

    /** Exchanges as the screen does; the sentence about it. */
    suspend fun exchange(): String? = SyncPresenter(session, scope).run {
        on(SyncEvent.ExchangeNow).join()
        content().notice
    }

    override fun close() {
        runBlocking {
            // What still looks is over before the files are closed and somebody takes their folder away.
            scope.cancel()
            withTimeoutOrNull(WAIT_MS) { scope.coroutineContext.job.join() }
            (app.state.value as? UiState.Content)?.content?.let { (it.at as? Where.Open)?.session?.rafiq?.close() }
        }
    }

    companion object {
        const val ZONE = "Europe/Vienna"
    }
}

/** Waits for a content of which something holds. */
suspend fun <C : Any> Presenter<C, *>.content(what: (C) -> Boolean = { true }): C {
    val found = withTimeoutOrNull(WAIT_MS) { state.first { it is UiState.Content && what(it.content) } }
    return (found as? UiState.Content)?.content ?: error("$javaClass shows ${state.value}")
}

/** Waits for a state of which something holds. */
suspend fun <C : Any> Presenter<C, *>.until(what: (UiState<C>) -> Boolean): UiState<C> =
    withTimeoutOrNull(WAIT_MS) { state.first(what) } ?: error("$javaClass shows ${state.value}")

/** Does something and gives what is shown then. */
suspend fun <C : Any, E : Any> Presenter<C, E>.does(event: E): C {
    on(event).join()
    return content()
}

fun Presenter<AppContent, *>.content(): AppContent = (state.value as? UiState.Content)?.content ?: error("${state.value}")

private const val WAIT_MS = 15_000L

/** A test with an end. */
fun test(work: suspend CoroutineScope.() -> Unit) = runBlocking { withTimeout(120_000) { work() } }

/** A sentence without the marks that set values apart. */
fun String.plain(): String = filter { it !in '\u2066'..'\u2069' }

/** Two people in a pairing, joined over a relay as people do it. */
class Two(
    folder: File,
    private val relay: Relay,
    mentorLanguage: String = "en",
    newcomerLanguage: String = "prs",
) : AutoCloseable {
    private val clock = HandClock()
    val mentor = Phone(File(folder, "mentor"), clock = clock)
    val newcomer = Phone(File(folder, "newcomer"), clock = clock)
    private val languages = mentorLanguage to newcomerLanguage
    lateinit var pairing: PairingId

    suspend fun join(): Two = also {
        mentor.setUp("Олена", languages.first)
        newcomer.setUp("آمنه", languages.second)
        SyncPresenter(mentor.session, mentor.scope).does(SyncEvent.SetRelay(relay.url))
        pairing = mentor.beginPairing("newcomer-mentoring", "mentor", "Olena & Amina")
        invite(mentor, newcomer, pairing.value)
        PairingPresenter(newcomer.session, pairing, newcomer.scope).does(PairingEvent.TakeRole("newcomer"))
        exchange()
    }

    suspend fun exchange() = repeat(2) { listOf(newcomer, mentor).forEach { it.exchange() } }

    override fun close() {
        mentor.close()
        newcomer.close()
    }
}

/** Founds a group on a phone. */
suspend fun Phone.foundGroup(): SupportGroupId = TogetherPresenter(session, scope)
    .does(TogetherEvent.FoundGroup("Neighbours", "en", 12, "Library")).run { (begun as Place.Group).id }

/** Begins a pairing on a phone. */
suspend fun Phone.beginPairing(model: String, role: String, title: String): PairingId = TogetherPresenter(session, scope)
    .does(TogetherEvent.BeginPairing(model, role, title)).run { (begun as Place.Pairing).id }

/** One invites, the other answers, the first lets in. */
suspend fun invite(from: Phone, to: Phone, space: String) {
    val invite = InvitePresenter(from.session, space, from.scope)
    val text = invite.does(InviteEvent.Make(Reach.REMOTE)).text!!
    val join = JoinPresenter(to.session, to.scope)
    join.does(JoinEvent.Read(text))
    join.does(JoinEvent.Accept)
    from.exchange() // the relay learns where answers go
    to.exchange()
    from.exchange()
    invite.does(InviteEvent.Admit(invite.content { it.requests.isNotEmpty() }.requests.single().request))
    from.exchange()
    to.exchange()
}
