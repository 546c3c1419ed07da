package org.rafiq.presenters

import org.rafiq.Arg
import org.rafiq.ArgMoment
import org.rafiq.ContactKind
import org.rafiq.ContactWish
import org.rafiq.DateStyle
import org.rafiq.Feeling
import org.rafiq.Freshness
import org.rafiq.HelpKind
import org.rafiq.JoinRequest
import org.rafiq.Modality
import org.rafiq.Presence
import org.rafiq.textId
import java.time.LocalDate
import java.time.format.DateTimeParseException

// What several screens say of the same thing. The library's ids are asked for once each, not a call a row.

internal fun Sayer.feeling(feeling: Feeling): String = text(feelingId(feeling))

internal fun feelingId(feeling: Feeling): String = FEELINGS.getValue(feeling)

internal fun Sayer.help(help: HelpKind): String = text(HELPS.getValue(help))

internal fun Sayer.wish(wish: ContactWish): String = text(WISHES.getValue(wish))

/** A wish as others read it, who have not seen the question. */
internal fun Sayer.wished(wish: ContactWish): String = text("${WISHES.getValue(wish)}.told")

internal fun Sayer.contactKind(kind: ContactKind): String = text(CONTACTS.getValue(kind))

internal fun Sayer.presence(presence: Presence): String = text(PRESENCES.getValue(presence))

internal fun Sayer.role(role: String): String = text("role-$role")

internal fun Sayer.modality(modality: Modality): String = text(
    when (modality) {
        Modality.IN_PERSON -> "modality-in-person"
        Modality.REMOTE -> "modality-remote"
        Modality.HYBRID -> "modality-hybrid"
    },
)

/** "Place: …"; nothing for none. */
internal fun Sayer.place(place: String): String? = if (place.isEmpty()) null else text("session-place", "place" to place)

/** By when something is to be done, or since when it was. */
internal fun Sayer.due(dueByMs: Long, now: Long, zone: String): String =
    text(if (dueByMs < now) "due-since" else "due-by", "date" to dayOf(dueByMs, zone, DateStyle.LONG))

/** Only somebody who may be left alone is urgent; a late step is not. */
internal fun tone(isWatch: Boolean, dueByMs: Long, now: Long): Tone = if (isWatch && dueByMs < now) Tone.URGENT else Tone.ORDINARY

/** How far a listing can be relied on. A day that cannot be read is as good as none. */
internal fun Sayer.freshness(freshness: Freshness, assuredDate: String?): String {
    val day = assuredDate?.let { try { LocalDate.parse(it) } catch (_: DateTimeParseException) { null } }
    return when {
        day == null || freshness == Freshness.UNKNOWN -> text("freshness-unknown")
        freshness == Freshness.FRESH -> text("freshness-fresh", "date" to dayOf(day))
        freshness == Freshness.AGEING -> text("freshness-ageing", "date" to dayOf(day))
        else -> text("freshness-stale", "date" to dayOf(day))
    }
}

internal fun tone(freshness: Freshness): Tone = when (freshness) {
    Freshness.FRESH -> Tone.CALM
    Freshness.AGEING, Freshness.UNKNOWN -> Tone.ORDINARY
    Freshness.STALE -> Tone.URGENT
}

/** That a service is closed, by HSDS's `status`. */
internal fun Sayer.closed(status: String): String? = when (status) {
    "inactive", "defunct" -> text("app-service-closed")
    "temporarily closed" -> text("app-service-paused")
    else -> null
}

/** Languages as a source lists them: by their own names where the name is known. */
internal fun languageNames(tags: List<String>): List<String> {
    val known = languageChoices("").associate { it.tag to it.name }
    return tags.map { known[it] ?: it }
}

/** Somebody who would like to be let in; [space] is named where several can be meant. */
internal fun Sayer.request(request: JoinRequest, space: String?, zone: String) = RequestRow(
    request = request.id,
    text = if (space == null) text("app-asks-to-join", "name" to request.name)
    else text("app-asks-to-join-here", "name" to request.name, "space" to space),
    at = moment(request.atMs, zone),
    leadsTo = Place.Invite(request.space),
)

/** The day of a moment, as a value of a sentence. */
internal fun dayOf(atMs: Long, zone: String, style: DateStyle = DateStyle.FULL): Arg = ArgMoment(atMs, zone, style, withTime = false)

private val FEELINGS by lazy { Feeling.entries.associateWith { it.textId } }
private val HELPS by lazy { HelpKind.entries.associateWith { it.textId } }
private val WISHES by lazy { ContactWish.entries.associateWith { it.textId } }
private val CONTACTS by lazy { ContactKind.entries.associateWith { it.textId } }
private val PRESENCES by lazy { Presence.entries.associateWith { it.textId } }
