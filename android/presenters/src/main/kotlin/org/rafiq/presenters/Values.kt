package org.rafiq.presenters

import org.rafiq.Direction
import org.rafiq.JoinRequestId
import org.rafiq.Language
import org.rafiq.PersonRef
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId

// What several screens show.

/** Something to choose: what an event takes, and what the person reads. */
data class Choice<T>(val value: T, val text: String, val chosen: Boolean = false)

/** How much something asks for attention. Amber is for [URGENT] alone. */
enum class Tone { URGENT, ORDINARY, CALM }

/** A language to choose, by its own name. */
data class LanguageChoice(
    val tag: String,
    val name: String,
    val direction: Direction,
    /** People have reviewed every sentence of it. */
    val reviewed: Boolean,
    val chosen: Boolean,
)

/** Somebody in a space. */
data class PersonRow(
    val person: PersonRef,
    /** Set apart, so that it may stand in a line of the other direction. */
    val name: String,
    /** Their part, if they have taken one; in a group nothing. */
    val role: String?,
    val isMe: Boolean,
    /** Hears first when somebody asks for contact. */
    val hearsFirst: Boolean,
)

/** Somebody who has answered an invite and waits to be let in. */
data class RequestRow(val request: JoinRequestId, val text: String, val at: String, val leadsTo: Place)

/** A day to choose, written in the person's calendar. */
data class DayChoice(
    /** ISO 8601. */
    val day: String,
    val text: String,
    private val zone: String,
) {
    /** A time of this day, as Unix ms: what the events that plan something take. */
    fun at(hour: Int, minute: Int): Long = LocalDate.parse(day).atTime(hour, minute).atZone(ZoneId.of(zone)).toInstant().toEpochMilli()
}

/** What a person wrote, set apart from what stands around it (U+2068, U+2069). */
internal fun apart(text: String): String = "\u2068$text\u2069"

/** A telephone number or address: left to right wherever it stands (U+2066, U+2069). */
internal fun leftToRight(text: String): String = "\u2066$text\u2069"

/** The languages that are shipped, by their own names. */
internal fun languageChoices(chosen: String): List<LanguageChoice> =
    shipped.map { LanguageChoice(it.tag, it.name, it.direction, it.reviewed, it.tag == chosen) }

private val shipped by lazy { Language.available() }

/** Today and the days after it. */
internal fun Sayer.days(fromMs: Long, zone: String, count: Int = 28): List<DayChoice> {
    val place = ZoneId.of(zone)
    val today = Instant.ofEpochMilli(fromMs).atZone(place).toLocalDate()
    return (0 until count.toLong()).map { ahead ->
        val day = today.plusDays(ahead)
        DayChoice(day.toString(), day(day), zone)
    }
}
