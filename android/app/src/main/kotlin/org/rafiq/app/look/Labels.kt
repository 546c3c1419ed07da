package org.rafiq.app.look

import org.rafiq.RafiqException
import org.rafiq.presenters.Word
import org.rafiq.presenters.Words

/** The fixed words of the language that a person reads, for every part of a screen: `labels[Word.SAVE]`. Empty before any is known. */
class Labels(val words: Words?) {
    operator fun get(word: Word): String = words?.get(word).orEmpty()

    /** What the phone itself is about to show or ask, by its message id (`locales/en/platform.ftl`; none has values). */
    fun platform(id: String): String = try {
        words?.language?.text(id)?.text.orEmpty()
    } catch (_: RafiqException) {
        "" // a sentence less is better than no screen
    }

    /** A number in the language's own digits. */
    fun number(number: Int): String = try {
        words?.language?.number(number.toLong())
    } catch (_: RafiqException) {
        null
    } ?: number.toString()
}
