@echo off
rem Starts Semblance from where it was unpacked. See semblance --help.
rem
rem Environment: JAVA_HOME is taken if it is new enough, SEMBLANCE_JAVA_OPTS goes to the JVM.
setlocal EnableExtensions DisableDelayedExpansion
for %%I in ("%~dp0..") do set "home=%%~fI"
set "jar="
for %%J in ("%home%\lib\semblance-cli-*.jar") do set "jar=%%~fJ"
if not defined jar (
    echo semblance: "%home%\lib" is not complete; unpack the archive again>&2
    exit /b 2
)

set "found="
if exist "%home%\runtime\bin\java.exe" set "found=%home%\runtime"
if not defined found if defined JAVA_HOME call :consider "%JAVA_HOME%"
if not defined found for %%J in (java.exe) do if not "%%~$PATH:J"=="" call :beside "%%~dp$PATH:J."
if not defined found if defined JAVA_HOME_25_X64 call :consider "%JAVA_HOME_25_X64%"
if not defined found if defined JAVA_HOME_25_ARM64 call :consider "%JAVA_HOME_25_ARM64%"
for %%P in (
    "%ProgramFiles%\Eclipse Adoptium"
    "%ProgramFiles%\Java"
    "%ProgramFiles%\Microsoft"
    "%ProgramFiles%\Zulu"
    "%ProgramFiles%\Amazon Corretto"
    "%ProgramFiles%\BellSoft"
    "%LOCALAPPDATA%\Programs\Eclipse Adoptium"
    "%LOCALAPPDATA%\Programs\Microsoft"
    "%USERPROFILE%\.jdks"
    "%USERPROFILE%\.gradle\jdks"
    "%USERPROFILE%\scoop\apps\temurin25-jdk"
    "%USERPROFILE%\scoop\apps\openjdk"
) do if not defined found for /d %%D in ("%%~P\*") do if not defined found call :consider "%%~fD"
if not defined found (
    echo semblance: no Java 25 or newer was found in the usual places; install it from https://adoptium.net, take the archive that has Java inside, or set JAVA_HOME to it>&2
    exit /b 2
)

rem As in launcher.sh: translated guest code of quick effort is not optimized, and the rest a little later.
set "jit=-XX:CompileCommand=quiet -XX:CompileCommand=MaxNodeLimit,dev/semblance/machine/cpu/QuickRegion*.run,100 -Dsemblance.two-efforts=true"
set "jit=%jit% -XX:Tier4InvocationThreshold=15000 -XX:Tier4MinInvocationThreshold=2000 -XX:Tier4CompileThreshold=40000 -XX:Tier4BackEdgeThreshold=120000"
"%found%\bin\java.exe" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Djava.awt.headless=true -XX:MaxRAMPercentage=70 %jit% -Djdk.util.jar.enableMultiRelease=false "-Dsemblance.home=%home%" "-Dsemblance.program=%~0" %SEMBLANCE_JAVA_OPTS% -jar "%jar%" %*
exit /b %ERRORLEVEL%

rem Takes the Java whose folder bin is given.
:beside
for %%B in ("%~1\..") do call :consider "%%~fB"
exit /b 0

rem Takes the Java that is given, if it is new enough.
:consider
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
set "version="
for /f "usebackq tokens=2 delims==" %%V in (`findstr /b /c:"JAVA_VERSION=" "%~1\release"`) do set "version=%%~V"
if not defined version exit /b 0
for /f "delims=.-+_" %%M in ("%version%") do set "version=%%M"
if %version% GEQ 25 set "found=%~1"
exit /b 0
