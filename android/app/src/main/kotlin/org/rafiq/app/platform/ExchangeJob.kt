package org.rafiq.app.platform

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.app.job.JobService
import android.content.ComponentName
import android.content.Context
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import org.rafiq.app.RafiqApplication
import org.rafiq.presenters.Session

/** Exchanges while nobody looks, when the system finds the time and a network for it. */
class ExchangeJob : JobService() {
    private var running: Job? = null

    override fun onStartJob(parameters: JobParameters): Boolean {
        val shell = (application as RafiqApplication).shell
        running = shell.scope.launch {
            shell.exchangeInBackground()
            jobFinished(parameters, false)
        }
        return true
    }

    /** The system wants its time back. What was received stays; the next job goes on from there. */
    override fun onStopJob(parameters: JobParameters): Boolean {
        running?.cancel()
        return false // it comes again by itself
    }

    companion object {
        /** Its name to the system. */
        const val ID = 1
        private const val PAUSE_MS = 60L * 60 * 1000

        /** Well below the ten minutes that the system gives. */
        private const val LIMIT_MS = 2L * 60 * 1000

        /** Bytes a request and an answer: a bad line carries this within the limit. Alerts go first. */
        private const val AT_ONCE = 128L * 1024

        /** Asks for a job an hour. One that was asked for already stays: asking anew would begin the hour anew. */
        fun ask(context: Context) {
            val scheduler = context.getSystemService(JobScheduler::class.java)
            if (scheduler.getPendingJob(ID) != null) return
            scheduler.schedule(
                JobInfo.Builder(ID, ComponentName(context, ExchangeJob::class.java)).setPeriodic(PAUSE_MS).setPersisted(true)
                    .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY).setRequiresBatteryNotLow(true).build(),
            )
        }

        /** One exchange with each relay within budget and limit. */
        suspend fun run(session: Session) {
            try {
                withTimeoutOrNull(LIMIT_MS) { session.rafiq.exchange(budget = session.budget(AT_ONCE), rounds = 4, carrier = session.carrier) }
            } catch (cancelled: CancellationException) {
                throw cancelled
            } catch (_: Exception) {
                // No line, no relay, or locked meanwhile: nothing is lost, and in an hour it is tried again.
            }
        }
    }
}
