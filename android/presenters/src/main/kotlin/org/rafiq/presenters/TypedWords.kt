package org.rafiq.presenters

import org.rafiq.Recovery

/** The words of a kit as somebody types them. Numbers and commas between them are forgiven. */
internal class TypedWords(private val text: String) {
    private val words = WORD.findAll(text).toList()

    /** The word that is being written: what stands before it is done. */
    private val writing = words.lastOrNull()?.takeIf { it.range.last == text.lastIndex }

    /** As many as a kit has; whether they are the right ones says the library. */
    val isAll: Boolean get() = words.size >= COUNT

    /** What the word that is being written may become: all that is typed, with it; and the word itself. */
    suspend fun suggestions(): List<Choice<String>> {
        val letters = writing?.value?.takeIf { it.length >= LETTERS } ?: return emptyList()
        val found = Recovery.wordsBeginning(letters).filter { !it.equals(letters, ignoreCase = true) }
        return found.take(MOST).map { Choice("${text.dropLast(letters.length)}$it ", it) }
    }

    /** The first that is in no list, with its number; of the one that is being written, if no word begins so. */
    suspend fun unknown(): Pair<Int, String>? {
        for ((at, word) in words.withIndex()) {
            val known = Recovery.wordsBeginning(word.value) // in alphabetical order: the word itself comes first
            val isKnown = if (word === writing) known.isNotEmpty() else known.firstOrNull().equals(word.value, ignoreCase = true)
            if (!isKnown) return at + 1 to word.value
        }
        return null
    }

    private companion object {
        const val COUNT = 12

        /** Fewer letters leave too many words. */
        const val LETTERS = 2

        /** As many as fit beside each other. */
        const val MOST = 3
        val WORD = Regex("\\p{L}+")
    }
}
