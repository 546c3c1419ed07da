package org.rafiq

import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import java.io.File
import kotlin.system.exitProcess

/** Plays a scenario: SCENARIO FOLDER PLAYER, with the relay's address in RAFIQ_RELAY_URL. See tests/scenarios/field-day.json. */
fun main(args: Array<String>): Unit = runBlocking {
    val (scenario, folder, player) = args
    val steps = play(Json.parseToJsonElement(File(scenario).readText()).jsonObject, File(folder), player, System.getenv("RAFIQ_RELAY_URL"))
    println("$steps steps")
}

private suspend fun play(scenario: JsonObject, folder: File, player: String, relay: String): Int {
    val clock = SetClock(scenario.number("start_ms"))
    val actors = scenario.getValue("actors").jsonArray.map { it.jsonPrimitive.content }.associateWith {
        Actor(File(folder, it), clock, SeededRandom("${scenario.text("seed")}/$player/$it"), relay)
    }
    val saved = HashMap<String, JsonElement>()
    val steps = scenario.getValue("steps").jsonArray.map { it.jsonObject }
    for ((at, step) in steps.withIndex()) {
        val words = JsonObject(step["with"]?.jsonObject.orEmpty().mapValues { (_, value) ->
            if (value is JsonPrimitive && value.isString && value.content.startsWith("$")) saved.getValue(value.content.drop(1)) else value
        })
        val (who, what) = step.text("actor") to step.text("do")
        if (what == "pass") {
            clock.now += words.number("ms")
            continue
        }
        val actor = actors.getValue(who)
        val given = json(try { actor.act(what, words) } catch (error: RafiqException) { actor.say(error) }) as JsonObject
        for ((name, wanted) in mapOf<String, JsonElement>("error" to JsonNull) + step["expect"]?.jsonObject.orEmpty()) {
            val found = given[name] ?: JsonNull
            if (found != wanted) {
                System.err.println("step ${at + 1}, $who $what: $name is $found, not $wanted")
                exitProcess(1)
            }
        }
        for ((name, to) in step["save"]?.jsonObject.orEmpty()) saved[to.jsonPrimitive.content] = given.getValue(name)
    }
    return steps.size
}

private class SetClock(@Volatile var now: Long) : HostClock {
    override fun nowMs(): Long = now
}

/** SplitMix64 from FNV-1a of a text, as the scenario says. */
private class SeededRandom(seed: String) : HostRandom {
    private var state = seed.encodeToByteArray().fold(0xcbf29ce484222325uL) { state, byte ->
        (state xor byte.toUByte().toULong()) * 0x100000001b3uL
    }

    private fun draw(): ULong {
        state += 0x9e3779b97f4a7c15uL
        var z = state
        z = (z xor (z shr 30)) * 0xbf58476d1ce4e5b9uL
        z = (z xor (z shr 27)) * 0x94d049bb133111ebuL
        return z xor (z shr 31)
    }

    override fun bytes(count: Int): ByteArray {
        val drawn = ByteArray(count)
        for (from in 0 until count step 8) {
            val draw = draw()
            for (at in from until minOf(from + 8, count)) drawn[at] = (draw shr 8 * (at - from)).toByte()
        }
        return drawn
    }
}

private class Actor(private val folder: File, private val clock: SetClock, private val random: SeededRandom, private val relay: String) {
    private var language = "en"
    private lateinit var rafiq: Rafiq

    fun say(error: RafiqException): Map<String, Any?> {
        val words = when (error) {
            is RafiqException.Invalid -> listOf(error.field, error.reason)
            is RafiqException.NoConsent -> listOf(error.purpose)
            is RafiqException.NotAllowed -> listOf(error.role)
            else -> emptyList()
        }
        val variant = error.javaClass.simpleName
        return mapOf("error" to (listOf(variant) + words).joinToString(" "), "sentence" to Language(language).errorText(error).text)
    }

    suspend fun act(what: String, a: JsonObject): Map<String, Any?> = when (what) {
        "open" -> {
            folder.mkdirs()
            language = a.text("language")
            rafiq = Rafiq.open(folder, clock = clock, random = random)
            val me = rafiq.people.setMe(NewMe(a.text("name"), language, a["calendar"]?.jsonPrimitive?.content))
            mapOf("name" to me.name, "calendar" to me.calendar)
        }
        "close" -> done { rafiq.close() }
        "set-relay" -> done { rafiq.sync.setHomeRelay(relay) }
        "invite" -> mapOf("text" to rafiq.sharing.invite(a.text("space"), Reach.REMOTE).text)
        "accept" -> mapOf("needs-confirmation" to rafiq.sharing.accept(a.text("text")).needsConfirmation)
        "admit-all" -> {
            val requests = rafiq.sharing.requests()
            requests.forEach { rafiq.sharing.admit(it.id) }
            mapOf("names" to requests.map { it.name }.sorted())
        }
        "exchange" -> {
            val answers = rafiq.exchange(relay)
            val delivered = answers.flatMap { it.delivered }
            mapOf(
                "rounds" to answers.size, "delivered" to delivered, "first" to (delivered.firstOrNull() ?: ""),
                "stored" to answers.sumOf { it.stored }, "joined" to answers.sumOf { it.joined.size },
            )
        }
        "people" -> mapOf("names" to names(a.text("space")).keys.sorted())
        "alerts" -> rafiq.safety.alerts().let { alerts ->
            mapOf("names" to alerts.map { it.name }, "kinds" to alerts.map { it.kind }, "confirmed" to alerts.map { it.confirmed })
        }
        "settle-alerts" -> {
            val alerts = rafiq.safety.alerts()
            alerts.forEach { rafiq.safety.settle(it.id) }
            mapOf("settled" to alerts.size)
        }
        "due" -> {
            val kinds = rafiq.today.list(clock.now, a.text("zone")).map { it.kind }
            mapOf("kinds" to kinds.filter { it == DueKind.ALERT || it == DueKind.CONFLICT }.map { it.name.lowercase() })
        }
        "status" -> rafiq.sync.status().let {
            mapOf("unsent" to it.unsentChanges, "outbox" to it.outbox, "waiting" to it.waiting, "quarantined" to it.quarantined)
        }
        "check-in" -> {
            val share = a.text("share").let { if (it == "private") SharePrivate else SharePairing(it) }
            val helps = a["helps"]?.jsonArray.orEmpty().map { it.jsonPrimitive.content.value<HelpKind>() }
            val new = NewCheckIn(a.text("feeling").value(), helps, a.text("contact").value(), share, a.text("note"))
            mapOf("note" to rafiq.checkIns.record(new).note)
        }
        "check-ins" -> mapOf("notes" to rafiq.checkIns.list(CheckInFilter(), 100).items.map { it.note }.sorted())
        "found-group", "schedule", "sessions", "attendance", "marks" -> inGroup(what, a)
        else -> inPairing(what, a)
    }

    private suspend fun names(space: String) = rafiq.people.list(space).associate { it.name to it.id }

    private suspend fun inGroup(what: String, a: JsonObject): Map<String, Any?> = when (what) {
        "found-group" -> {
            val new = NewGroup(a.text("name"), a.text("language"), a.number("capacity").toInt(), a.text("place"))
            rafiq.groups.found(new).let { mapOf("group" to it.id.value, "people" to it.people) }
        }
        "schedule" -> {
            val new = NewSession(a.number("starts-at-ms"), a.text("zone"), a.text("place"), a.text("modality").value())
            mapOf("session" to rafiq.groups.scheduleSession(SupportGroupId(a.text("group")), new).id.value)
        }
        "sessions" -> {
            val found = rafiq.groups.sessions(SupportGroupId(a.text("group")), a.number("from-ms"), 100).items
            mapOf("starts" to found.map { it.startsAtMs }, "places" to found.map { it.place })
        }
        "attendance" -> done {
            val session = rafiq.groups.session(SessionId(a.text("session")))
            val names = names(session.group.value)
            val marks = a.getValue("marks").jsonObject.map { (name, mark) -> Mark(names.getValue(name), mark.jsonPrimitive.content.value()) }
            rafiq.groups.recordAttendance(session.id, marks)
        }
        "marks" -> {
            val found = rafiq.groups.attendance(SessionId(a.text("session")))
            val marks = found.mapNotNull { mark -> mark.presence?.let { mark.name to it.name.lowercase() } }.toMap()
            mapOf("marks" to marks, "others" to found.sumOf { it.others.size })
        }
        else -> error("no such step: $what")
    }

    private suspend fun inPairing(what: String, a: JsonObject): Map<String, Any?> {
        val mentoring = rafiq.mentoring
        val id = PairingId(a["pairing"]?.jsonPrimitive?.content.orEmpty())
        return when (what) {
            "begin-pairing" -> mentoring.begin(NewPairing(a.text("model"), a.text("role"), a.text("title"))).let {
                mapOf("pairing" to it.id.value, "role" to it.myRole)
            }
            "take-role" -> mapOf("role" to mentoring.takeRole(id, a.text("role")).myRole)
            "pairing" -> {
                val found = mentoring.get(id)
                val kept = found.nextMeeting?.let { listOf(it.value) + it.others }.orEmpty()
                mapOf(
                    "names" to found.people.map { it.name }.sorted(), "roles" to found.people.map { it.role.orEmpty() }.sorted(),
                    "responder" to found.people.find { it.person == found.responder }?.name.orEmpty(),
                    "values" to kept.size, "starts" to kept.map { it.meeting.startsAtMs }.sorted(),
                    "place" to kept.firstOrNull()?.meeting?.place.orEmpty(),
                )
            }
            "meet" -> done { mentoring.setNextMeeting(id, meeting(a)) }
            "resolve" -> done { mentoring.resolveNextMeeting(id, meeting(a)) }
            "goal" -> mapOf("text" to mentoring.addGoal(id, a.text("text")).text)
            "goals" -> mapOf("texts" to mentoring.goals(id).map { it.text }.sorted())
            "milestone" -> done {
                mentoring.reachMilestone(id, if ("own" in a) MilestoneOwn(a.text("own")) else MilestoneListed(a.text("catalogue")))
            }
            "milestones" -> mapOf("reached" to mentoring.milestones(id).map {
                when (val milestone = it.milestone) {
                    is MilestoneOwn -> milestone.text
                    is MilestoneListed -> milestone.id
                }
            }.sorted())
            "contact" -> done { mentoring.logContact(id, NewContact(a.text("kind").value(), a.text("help").value(), clock.now)) }
            else -> error("no such step: $what")
        }
    }

    private fun meeting(a: JsonObject) = Meeting(a.number("starts-at-ms"), a.text("zone"), a.text("place"))

    private inline fun done(work: () -> Unit): Map<String, Any?> {
        work()
        return emptyMap()
    }
}

private fun JsonObject.text(name: String) = getValue(name).jsonPrimitive.content

private fun JsonObject.number(name: String) = getValue(name).jsonPrimitive.long

/** `so-so` → `SO_SO`. */
private inline fun <reified T : Enum<T>> String.value(): T = enumValueOf(uppercase().replace('-', '_'))

private fun json(value: Any?): JsonElement = when (value) {
    null -> JsonNull
    is String -> JsonPrimitive(value)
    is Boolean -> JsonPrimitive(value)
    is Number -> JsonPrimitive(value)
    is List<*> -> kotlinx.serialization.json.JsonArray(value.map(::json))
    is Map<*, *> -> JsonObject(value.entries.associate { (name, inner) -> name as String to json(inner) })
    else -> error("$value")
}
