package org.rafiq.app.platform

import android.os.Handler
import android.os.Looper
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Runnable
import kotlin.coroutines.CoroutineContext

/** Where views are touched. (Of kotlinx-coroutines-android this one dispatcher is all that would be used.) */
val mainThread: CoroutineDispatcher = object : CoroutineDispatcher() {
    private val handler = Handler(Looper.getMainLooper())

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        handler.post(block)
    }
}
