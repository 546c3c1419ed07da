// Android Studio and mobile.yml build with this; tests/tools/android.sh builds the same sources with Maven.
pluginManagement {
    repositories {
        google()
        mavenCentral()
    }
}
dependencyResolutionManagement {
    repositoriesMode = RepositoriesMode.FAIL_ON_PROJECT_REPOS
    repositories {
        google()
        mavenCentral()
    }
}
rootProject.name = "Rafiq"
include(":app", ":library")
project(":library").projectDir = file("library")
