package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import org.rafiq.RafiqException
import java.io.File
import kotlin.system.exitProcess

/**
 * Plays a scenario as people do, through presenters: SCENARIO FOLDER PLAYER, with the relay's address in RAFIQ_RELAY_URL. See
 * tests/scenarios/field-day.json. What a step gives is read from what the screens show; where one fails, the screen must say the
 * sentence of the error that the scenario names. Only `close` goes to the library: no screen ends the process.
 */
fun main(args: Array<String>): Unit = runBlocking {
    val (scenario, folder, player) = args
    val steps = play(Json.parseToJsonElement(File(scenario).readText()).jsonObject, File(folder), player, System.getenv("RAFIQ_RELAY_URL"))
    println("$steps steps")
    exitProcess(0)
}

private suspend fun play(scenario: JsonObject, folder: File, player: String, relay: String): Int {
    val clock = HandClock(scenario.number("start_ms"))
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
        val expected = step["expect"]?.jsonObject.orEmpty()
        val given = json(try { actor.act(what, words) } catch (said: Said) { actor.failed(said.sentence, expected) }) as JsonObject
        for ((name, wanted) in mapOf<String, JsonElement>("error" to JsonNull) + expected) {
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


/** A screen said that something did not work. */
internal class Said(val sentence: String) : Exception(sentence)

/** Opens one screen of a phone, and closes it again. */
internal suspend fun <T> screen(work: suspend (CoroutineScope) -> T): T {
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    try {
        return work(scope)
    } finally {
        scope.cancel()
    }
}

/** The error that a scenario names by its variant and words. */
internal fun errorOf(named: String): RafiqException {
    val words = named.split(' ')
    return when (words[0]) {
        "Invalid" -> RafiqException.Invalid(words[1], words[2])
        "Closed" -> RafiqException.Closed()
        else -> error("no such error: $named")
    }
}

internal fun JsonObject.text(name: String) = getValue(name).jsonPrimitive.content

internal fun JsonObject.number(name: String) = getValue(name).jsonPrimitive.long

/** `so-so` → `SO_SO`. */
internal inline fun <reified T : Enum<T>> String.value(): T = enumValueOf(uppercase().replace('-', '_'))

private fun json(value: Any?): JsonElement = when (value) {
    null -> JsonNull
    is String -> JsonPrimitive(value)
    is Boolean -> JsonPrimitive(value)
    is Number -> JsonPrimitive(value)
    is List<*> -> JsonArray(value.map(::json))
    is Map<*, *> -> JsonObject(value.entries.associate { (name, inner) -> name as String to json(inner) })
    else -> error("$value")
}
