package org.rafiq

import org.rafiq.ffi.Language as Core

/**
 * A language that someone reads, with what to fall back to: sentences, dates and numbers. Needs no profile, waits for nothing and never
 * changes; safe to share between threads.
 */
class Language(tag: String) : AutoCloseable {
    private val core = translated { Core.open(tag) }

    /** The tag it was opened with, in its canonical form. */
    val tag: String = translated { core.tag() }

    /** Which way its sentences are written. */
    val direction: Direction = translated { core.direction() }

    /** The calendar its dates are in. */
    val calendar: CalendarKind = translated { core.calendar() }

    /**
     * The sentence of a message id. Values by name: a `String` is what a person wrote, an `Int` or `Long` a count; an `Arg` is taken as it is.
     * `NotFound` for an unknown id; `Invalid(args, missing)` if a value that the sentence needs is not there.
     */
    fun text(id: String, vararg args: Pair<String, Any>): Spoken =
        translated { core.text(id, args.associate { (name, value) -> name to arg(value) }) }

    /** The sentences of a whole screen in one call, in the order asked for. Throws as [text], for the first that fails. */
    fun texts(asked: List<Said>): List<Spoken> = translated { core.texts(asked) }

    /** The sentence that says an error to a person. Every error has one in every language. */
    fun errorText(error: RafiqException): Spoken = translated { core.errorText(core(error)) }

    /** What stands beside a sentence that is not in the person's language, or that no person has reviewed. */
    fun label(spoken: Spoken): Spoken? = translated { core.label(spoken) }

    /** A whole number in the language's digits. */
    fun number(number: Long): String = translated { core.number(number) }

    /** The date at [atMs] (Unix ms) in a time zone: an IANA name, or an offset (`+04:30`). */
    fun date(atMs: Long, zone: String, style: DateStyle): String = translated { core.date(atMs, zone, style) }

    /** Date and time of day, to the minute. */
    fun dateTime(atMs: Long, zone: String, style: DateStyle): String = translated { core.dateTime(atMs, zone, style) }

    /** The time of day, to the minute. */
    fun time(atMs: Long, zone: String): String = translated { core.time(atMs, zone) }

    /** A stored ISO day (`2026-11-22`). */
    fun day(isoDay: String, style: DateStyle): String = translated { core.day(isoDay, style) }

    /** Reads a date that was typed in the language's own calendar, in digits of any script. */
    fun parseDate(text: String): EnteredDate = translated { core.parseDate(text) }

    /** Frees what it holds; the collector does so as well. */
    override fun close() = core.close()

    companion object {
        /** The languages that are shipped, in the order of their tags. */
        fun available(): List<LanguageInfo> = translated { org.rafiq.ffi.availableLanguages() }

        /** A whole number in the digits of any script. */
        fun parseNumber(text: String): Long = translated { org.rafiq.ffi.parseNumber(text) }
    }
}

/** The message that names it: `feeling-1` (very hard) to `feeling-5` (very good). */
val Feeling.textId: String get() = translated { org.rafiq.ffi.feelingTextId(this) }

/** The message that names it: `help-emotional`, … */
val HelpKind.textId: String get() = translated { org.rafiq.ffi.helpTextId(this) }

/** The message that stands in place of words that are not here: `words-not-here-yet`, `words-erased`; none if nothing has to. */
val WordsState.textId: String? get() = translated { org.rafiq.ffi.wordsTextId(this) }

/** The message that names it: `contact-no`, … */
val ContactWish.textId: String get() = translated { org.rafiq.ffi.contactWishTextId(this) }

/** The message that names it: `contact-kind-visit`, … */
val ContactKind.textId: String get() = translated { org.rafiq.ffi.contactKindTextId(this) }

/** The message that names it: `attendance-came`, … */
val Presence.textId: String get() = translated { org.rafiq.ffi.presenceTextId(this) }

/** The message that says it, with the number `at`: `bundle-damaged-cut`, … */
val Damaged.textId: String get() = translated { org.rafiq.ffi.damagedTextId(this) }

/** A sentence to be said, with its values as [Language.text] takes them. */
fun said(id: String, vararg args: Pair<String, Any>): Said = Said(id, args.associate { (name, value) -> name to arg(value) })

private fun arg(value: Any): Arg =
    when (value) {
        is Arg -> value
        is String -> ArgText(value)
        is Int -> ArgNumber(value.toLong())
        is Long -> ArgNumber(value)
        else -> throw RafiqException.Invalid("args", "type")
    }
