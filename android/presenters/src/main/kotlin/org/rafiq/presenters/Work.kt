package org.rafiq.presenters

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.withTimeoutOrNull

/**
 * What people have asked for and has not been dealt with yet, over all screens of one profile: before its files are closed that is done.
 * What merely looks, and what can be cut off without loss, is not in it.
 */
internal class Work {
    private val running = MutableStateFlow(0)

    /** Whether something is being done. */
    val isRunning: Boolean get() = running.value > 0

    /** Whether somebody waits until nothing is being done. */
    internal val isWaitedFor: Boolean get() = running.subscriptionCount.value > 0

    fun begin() = running.update { it + 1 }

    fun end() = running.update { it - 1 }

    /** Does what nobody has to wait for. */
    suspend fun <T> aside(what: suspend () -> T): T {
        end()
        try {
            return what()
        } finally {
            begin()
        }
    }

    /** Waits until nothing is being done, but no longer than so many milliseconds. */
    suspend fun done(limitMs: Long) {
        withTimeoutOrNull(limitMs) { while (isRunning) running.first { it == 0 } }
    }
}
