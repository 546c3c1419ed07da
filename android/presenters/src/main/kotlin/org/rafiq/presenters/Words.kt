package org.rafiq.presenters

import org.rafiq.Arg
import org.rafiq.ArgMoment
import org.rafiq.DateStyle
import org.rafiq.Direction
import org.rafiq.Language
import org.rafiq.RafiqException
import org.rafiq.Said
import org.rafiq.Spoken
import org.rafiq.said
import java.time.LocalDate
import java.time.ZoneOffset
import java.util.concurrent.ConcurrentHashMap

/** The words of a language, and whatever else is said in it. Said once, when the language is opened; never changes. */
class Words(
    /** The language. */
    val language: Language,
    /** What support models that a programme brought along say for themselves: see `Rafiq.modelTexts`. */
    private val own: Map<String, Spoken> = emptyMap(),
) {
    /** One for each language that sentences come in, with and without being the person's own. */
    private val remarks = ConcurrentHashMap<Pair<String, Boolean>, String>()
    private val spoken: List<Spoken> = language.texts(Word.entries.map { said(it.id) })
    private val texts: List<String> = spoken.map { it.text }

    /** What stands at the foot of a screen whose words are not the person's own language's, or that no person has reviewed. */
    val remark: String? = remark(spoken)

    /** The language that they are really in. */
    internal val spokenIn: String = spoken.first().language

    /** Whether that is the language that was asked for. */
    internal val isOwn: Boolean = spoken.none { it.fallback }

    /** Which way screens are laid out. */
    val direction: Direction get() = language.direction

    /** The tag it was opened with. */
    internal val tag: String get() = language.tag

    /** A word. */
    operator fun get(word: Word): String = texts[word.ordinal]

    /** The same, with what support models say for themselves. */
    internal fun with(own: Map<String, Spoken>): Words = if (own.isEmpty()) this else Words(language, own)

    /** Says an error. */
    internal fun error(error: RafiqException): String = when (error) {
        is RafiqException.Host -> when {
            error.reason == "no-connection" -> language.text("sync-offline").text
            error.reason.startsWith("relay-") -> language.text("app-relay-trouble").text
            else -> language.errorText(error).text
        }
        else -> language.errorText(error).text
    }

    /**
     * Says a whole screen in one call into the core: [write] runs twice, first to hear what is asked, then with the answers. It must
     * ask the same both times, so it only puts together what it was given.
     */
    internal fun <C> say(write: Sayer.() -> C): C {
        val asking = Sayer(null, null).apply { write() }
        val spoken = spoken(asking.asked)
        return Sayer(spoken, remark(spoken) ?: remark).write()
    }

    private fun spoken(asked: List<Said>): List<Spoken> {
        val shipped = shipped(asked.filter { it.id !in own }).iterator()
        return asked.map { own[it.id] ?: shipped.next() }
    }

    /** An id from a support model that this version has no words for must not take the rest of the screen with it. */
    private fun shipped(asked: List<Said>): List<Spoken> = if (asked.isEmpty()) emptyList() else try {
        language.texts(asked)
    } catch (_: RafiqException.NotFound) {
        val unknown = language.text("app-no-words")
        asked.map { try { language.texts(listOf(it)).single() } catch (_: RafiqException.NotFound) { unknown } }
    }

    private fun remark(spoken: List<Spoken>): String? {
        val remarkable = spoken.firstOrNull { it.fallback } ?: spoken.firstOrNull { it.machine } ?: return null
        return remarks.getOrPut(remarkable.language to remarkable.fallback) { language.label(remarkable)?.text.orEmpty() }.ifEmpty { null }
    }

    internal companion object {
        /** The words of a tag; English for one that is none (a device may report anything). */
        fun of(tag: String): Words = Words(try { Language(tag) } catch (_: RafiqException.Invalid) { Language("en") })
    }
}

/** What a screen says, one sentence after the other. See [Words.say]. */
internal class Sayer(private val spoken: List<Spoken>?, val remark: String?) {
    val asked = ArrayList<Said>()

    /** A sentence. */
    fun text(id: String, vararg args: Pair<String, Any>): String = text(said(id, *args))

    /** A sentence. */
    fun text(said: Said): String {
        asked += said
        return spoken?.let { it[asked.size - 1].text }.orEmpty()
    }

    /** A day. */
    fun day(day: LocalDate, style: DateStyle = DateStyle.FULL): String = text("app-date", "date" to dayOf(day, style))

    /** A moment, to the minute. */
    fun moment(atMs: Long, zone: String, style: DateStyle = DateStyle.FULL): String = text("app-date", "date" to momentOf(atMs, zone, style))
}

/** A day as a value of a sentence. */
internal fun dayOf(day: LocalDate, style: DateStyle = DateStyle.LONG): Arg =
    ArgMoment(day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli(), "UTC", style, withTime = false)

/** A moment, to the minute, as a value of a sentence. */
internal fun momentOf(atMs: Long, zone: String, style: DateStyle = DateStyle.FULL): Arg = ArgMoment(atMs, zone, style, withTime = true)
