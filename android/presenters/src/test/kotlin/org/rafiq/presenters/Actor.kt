package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.rafiq.Carrier
import org.rafiq.ContactWish
import org.rafiq.Feeling
import org.rafiq.HelpKind
import org.rafiq.HostRandom
import org.rafiq.HttpCarrier
import org.rafiq.PairingId
import org.rafiq.Reach
import org.rafiq.SessionId
import org.rafiq.SharePairing
import org.rafiq.SharePrivate
import org.rafiq.SupportGroupId
import java.io.File

/** A person of the scenario with their phone: acts on screens and tells what they show. */
internal class Actor(private val folder: File, private val clock: HandClock, random: HostRandom, private val relay: String) {
    private var rounds = 0
    private val http = HttpCarrier()
    private val carrier = Carrier { exchange -> http.carry(exchange).also { rounds++ } }
    private val host = Host(folder, null, { "en" }, { "Europe/Vienna" }, clock, carrier, random)
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val app = AppPresenter(host, scope)
    private var name = ""

    private val session get() = (app.content().at as Where.Open).session

    /** A sentence on the screen, against that of the error that was to come. */
    fun failed(sentence: String, expected: Map<String, JsonElement>): Map<String, Any?> {
        val named = expected["error"]?.jsonPrimitive?.content
        val isIt = named != null && sentence == session.words.error(errorOf(named))
        return mapOf("error" to if (isIt) named else sentence, "sentence" to sentence)
    }

    suspend fun act(what: String, a: JsonObject): Map<String, Any?> = screen { scope ->
        when (what) {
            "open" -> open(a, scope)
            "close" -> none { session.rafiq.close() }
            "set-relay" -> none { SyncPresenter(session, scope).did(SyncEvent.SetRelay(relay)) { it.notice } }
            "invite" -> mapOf("text" to InvitePresenter(session, a.text("space"), scope).did(InviteEvent.Make(Reach.REMOTE)) { it.notice }.text)
            "accept" -> {
                val join = JoinPresenter(session, scope)
                join.did(JoinEvent.Read(a.text("text"))) { it.notice }
                val done = join.did(JoinEvent.Accept) { it.notice }.done
                mapOf("needs-confirmation" to (done == say("app-join-sent")))
            }
            "admit-all" -> {
                val requests = TogetherPresenter(session, scope).content().requests
                for (request in requests) {
                    InvitePresenter(session, (request.leadsTo as Place.Invite).space, scope).on(InviteEvent.Admit(request.request)).join()
                }
                check(TogetherPresenter(session, scope).content().requests.isEmpty())
                mapOf("names" to requests.map { it.text.name() }.sorted())
            }
            "exchange" -> exchange(scope)
            "people" -> mapOf("names" to GroupPresenter(session, SupportGroupId(a.text("space")), scope).content().people.map { name(it) }.sorted())
            "alerts" -> TodayPresenter(session, scope).content().alerts.let { alerts ->
                mapOf(
                    "names" to alerts.map { it.text.name() },
                    "kinds" to alerts.map { if (it.text == say("alert-contact-today", "name" to it.text.name())) "contact-me-today" else it.text },
                    "confirmed" to alerts.map { it.unconfirmed == null },
                )
            }
            "settle-alerts" -> {
                val today = TodayPresenter(session, scope)
                val alerts = today.content().alerts
                for (alert in alerts) today.did(TodayEvent.Settle(alert.alert)) { it.notice }
                mapOf("settled" to alerts.size - today.content().alerts.size)
            }
            "due" -> TodayPresenter(session, scope).content().let { today ->
                mapOf("kinds" to today.alerts.map { "alert" } + today.due.filter { it.id.startsWith("conflict/") }.map { "conflict" })
            }
            "status" -> SyncPresenter(session, scope).content().let {
                val waiting = if (it.waiting == say("sync-up-to-date")) 0 else 1
                mapOf("unsent" to waiting, "outbox" to waiting, "waiting" to it.held.size, "quarantined" to it.held.size)
            }
            "check-in" -> checkIn(a, scope)
            "check-ins" -> when (val shown = CheckInsPresenter(session, scope).until { it != UiState.Loading }) {
                is UiState.Content -> mapOf("notes" to shown.content.checkIns.map { it.note }.sorted())
                is UiState.Failed -> throw Said(shown.sentence)
                else -> mapOf("notes" to emptyList<String>())
            }
            "found-group", "schedule", "sessions", "attendance", "marks" -> inGroup(what, a, scope)
            else -> inPairing(what, a, scope)
        }
    }

    private suspend fun open(a: JsonObject, scope: CoroutineScope): Map<String, Any?> {
        folder.mkdirs()
        app.on(AppEvent.Start).join()
        name = a.text("name")
        val setUp = SetUpPresenter(app, scope)
        setUp.on(SetUpEvent.ChooseLanguage(a.text("language")))
        setUp.on(SetUpEvent.Next)
        setUp.on(SetUpEvent.EnterName(name))
        setUp.on(SetUpEvent.Next)
        setUp.on(SetUpEvent.ChooseProtection(withPassphrase = false))
        setUp.on(SetUpEvent.Finish).join()
        a["calendar"]?.let { ProfilePresenter(session, scope).on(ProfileEvent.ChooseCalendar(it.jsonPrimitive.content)).join() }
        val profile = ProfilePresenter(session, scope).content()
        return mapOf("name" to profile.name, "calendar" to profile.calendars.single { it.chosen }.value)
    }

    /** What came is told by the screens: an alert by today's, a space by that of what is shared, nothing by the notice. */
    private suspend fun exchange(scope: CoroutineScope): Map<String, Any?> {
        val (sync, together, today) = Triple(SyncPresenter(session, scope), TogetherPresenter(session, scope), TodayPresenter(session, scope))
        val shared = together.content().run { pairings.size + groups.size }
        val alerts = today.content().alerts.size
        val nothingToSend = sync.content().waiting == say("sync-up-to-date")
        rounds = 0
        val notice = sync.did(SyncEvent.ExchangeNow) { null }.notice ?: throw Said("an exchange says how it was")
        if (notice in listOf("sync-offline", "sync-interrupted", "app-relay-trouble", "app-relay-none").map { say(it) }) throw Said(notice)
        val delivered = when {
            notice == say("sync-up-to-date") -> emptyList()
            today.does(TodayEvent.Refresh).alerts.size > alerts -> listOf("alert")
            else -> listOf(notice)
        }
        return mapOf(
            "rounds" to rounds, "delivered" to delivered, "first" to (delivered.firstOrNull() ?: ""),
            "stored" to if (nothingToSend) 0 else 1,
            "joined" to together.does(TogetherEvent.Refresh).run { pairings.size + groups.size } - shared,
        )
    }

    private suspend fun checkIn(a: JsonObject, scope: CoroutineScope): Map<String, Any?> {
        val checkIn = CheckInPresenter(session, scope)
        checkIn.on(CheckInEvent.ChooseFeeling(a.text("feeling").value<Feeling>().ordinal + 1))
        a["helps"]?.jsonArray.orEmpty().forEach { checkIn.on(CheckInEvent.ToggleHelp(it.jsonPrimitive.content.value<HelpKind>())) }
        checkIn.on(CheckInEvent.Next)
        checkIn.on(CheckInEvent.ChooseContact(a.text("contact").value<ContactWish>()))
        checkIn.on(CheckInEvent.ChooseShare(a.text("share").let { if (it == "private") SharePrivate else SharePairing(it) }))
        checkIn.on(CheckInEvent.WriteNote(a.text("note")))
        return none { check(checkIn.did(CheckInEvent.Save) { it.notice }.kept != null) }
    }

    private suspend fun inGroup(what: String, a: JsonObject, scope: CoroutineScope): Map<String, Any?> {
        fun group() = GroupPresenter(session, SupportGroupId(a.text("group")), scope)
        fun attendance() = AttendancePresenter(session, SessionId(a.text("session")), scope)
        return when (what) {
            "found-group" -> {
                val event = TogetherEvent.FoundGroup(a.text("name"), a.text("language"), a.number("capacity").toInt(), a.text("place"))
                val id = (TogetherPresenter(session, scope).did(event) { it.notice }.begun as Place.Group).id
                mapOf("group" to id.value, "people" to GroupPresenter(session, id, scope).content().people.size)
            }
            "schedule" -> {
                val at = a.number("starts-at-ms")
                val shown = group().did(GroupEvent.Schedule(at, a.text("place"), a.text("modality").value())) { it.notice }
                mapOf("session" to shown.sessions.single { it.startsAtMs == at }.session.value)
            }
            "sessions" -> group().content().sessions.filter { it.startsAtMs >= a.number("from-ms") }.let { sessions ->
                mapOf("starts" to sessions.map { it.startsAtMs }, "places" to sessions.map { it.place?.name().orEmpty() })
            }
            "attendance" -> {
                val screen = attendance()
                val people = screen.content().people.associate { it.name.plain() to it.person }
                a.getValue("marks").jsonObject.forEach { (name, mark) ->
                    screen.on(AttendanceEvent.Mark(people.getValue(name), mark.jsonPrimitive.content.value()))
                }
                none { check(screen.did(AttendanceEvent.Save) { null }.unsaved == null) }
            }
            "marks" -> attendance().content().people.let { people ->
                val marks = people.mapNotNull { row -> row.marks.find { it.chosen }?.let { row.name.plain() to it.value.name.lowercase() } }
                mapOf("marks" to marks.toMap(), "others" to people.sumOf { it.others.size })
            }
            else -> error("no such step: $what")
        }
    }

    private suspend fun inPairing(what: String, a: JsonObject, scope: CoroutineScope): Map<String, Any?> {
        if (what == "begin-pairing") {
            val event = TogetherEvent.BeginPairing(a.text("model"), a.text("role"), a.text("title"))
            val id = (TogetherPresenter(session, scope).did(event) { it.notice }.begun as Place.Pairing).id
            val me = PairingPresenter(session, id, scope).content().people.single { it.isMe }
            return mapOf("pairing" to id.value, "role" to role(me.role.orEmpty(), scope))
        }
        val pairing = PairingPresenter(session, PairingId(a.text("pairing")), scope)
        val before = pairing.content()
        return when (what) {
            "take-role" -> {
                val me = pairing.did(PairingEvent.TakeRole(a.text("role"))) { it.notice }.people.single { it.isMe }
                mapOf("role" to role(me.role.orEmpty(), scope))
            }
            "pairing" -> {
                val starts = before.meeting.choices.map { it.meeting.startsAtMs }.ifEmpty { listOfNotNull(before.meeting.startsAtMs) }
                mapOf(
                    "names" to before.people.map { name(it) }.sorted(), "roles" to before.people.map { role(it.role.orEmpty(), scope) }.sorted(),
                    "responder" to before.people.find { it.hearsFirst }?.let { name(it) }.orEmpty(),
                    "values" to starts.size, "starts" to starts.sorted(), "place" to before.meeting.place?.name().orEmpty(),
                )
            }
            "meet" -> none { pairing.did(PairingEvent.SetMeeting(a.number("starts-at-ms"), a.text("place"))) { it.notice } }
            "resolve" -> {
                val (at, place) = a.number("starts-at-ms") to a.text("place")
                val choice = before.meeting.choices.single { it.meeting.startsAtMs == at && it.meeting.place == place }
                none { check(pairing.did(PairingEvent.ResolveMeeting(choice.meeting)) { null }.meeting.conflict == null) }
            }
            "goal" -> pairing.did(PairingEvent.AddGoal(a.text("text"))) { null }.goals.let { goals ->
                mapOf("text" to goals.single { it.text == a.text("text") }.text)
            }
            "goals" -> mapOf("texts" to before.goals.map { it.text }.sorted())
            "milestone" -> {
                val event = if ("own" in a) PairingEvent.ReachOwn(a.text("own")) else PairingEvent.ReachMilestone(a.text("catalogue"))
                val after = pairing.did(event) { null }
                if (after.milestones.size == before.milestones.size) throw Said(after.notice.orEmpty())
                emptyMap()
            }
            "milestones" -> {
                val ids = before.catalogue.flatMap { it.milestones }.associate { it.text to it.value }
                mapOf("reached" to before.milestones.map { ids[it.text] ?: it.text.plain() }.sorted())
            }
            "contact" -> {
                val after = pairing.did(PairingEvent.LogContact(a.text("kind").value(), a.text("help").value())) { null }
                none { check(after.contacts.size == before.contacts.size + 1) }
            }
            else -> error("no such step: $what")
        }
    }

    /** Does it; a notice that tells of a failure is thrown. */
    private suspend fun <C : Any, E : Any> Presenter<C, E>.did(event: E, failure: (C) -> String?): C {
        content()
        return does(event).also { content -> failure(content)?.let { throw Said(it) } }
    }

    private fun name(person: PersonRow) = if (person.isMe) name else person.name.plain()

    /** A role's id, by its name in the person's language. */
    private suspend fun role(text: String, scope: CoroutineScope): String =
        TogetherPresenter(session, scope).content().models.flatMap { it.roles }.find { it.text == text }?.value.orEmpty()

    private fun say(id: String, vararg args: Pair<String, Any>) = session.words.say { text(id, *args) }

    private inline fun none(work: () -> Unit): Map<String, Any?> {
        work()
        return emptyMap()
    }
}

/** What a person wrote, out of a sentence around it. */
private fun String.name(): String = substringAfter('\u2068').substringBefore('\u2069')
