#Requires -Version 5.1
<#
.SYNOPSIS
Builds Mesh-Sim Studio, installs it into VS Code and opens a product in it.

.DESCRIPTION
Checks git, Node.js and VS Code and says how to get what is missing; installs dependencies, builds, packages the
extension, installs it with VS Code's command, opens the folder and brings up the Studio in the editor's browser preview.
It can be run again at any time. The exit code is 0 only when every step succeeded.

.PARAMETER Folder
The folder to open. Left out: the current folder if it has a mesh.services.json, else the example.

.PARAMETER Example
Opens the example, Harbor Pay, in a git repository of its own in your home folder.

.PARAMETER Code
The path of VS Code's command, where it is not on the PATH as "code".

.PARAMETER NoBuild
Installs the extension as it was built before.

.EXAMPLE
./install.ps1 -Example

.EXAMPLE
./install.ps1 -Folder C:\work\product -WhatIf
Only prints what would be done.
#>
[CmdletBinding(SupportsShouldProcess = $true, DefaultParameterSetName = 'Folder')]
param(
    [Parameter(ParameterSetName = 'Folder')]
    [string] $Folder,

    [Parameter(ParameterSetName = 'Example')]
    [switch] $Example,

    [string] $Code,

    [switch] $NoBuild
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
# The exit code of the installer is passed on below; PowerShell 7.4 may otherwise throw before.
$PSNativeCommandUseErrorActionPreference = $false

if (-not (Get-Command -Name 'node' -CommandType Application -ErrorAction SilentlyContinue)) {
    [Console]::Error.WriteLine('Node.js is missing: get 20.20 or newer from https://nodejs.org.')
    exit 1
}

$arguments = @((Join-Path -Path $PSScriptRoot -ChildPath 'install.mjs'))
if ($Folder) {
    $arguments += @('--folder', $Folder)
}
if ($Example) {
    $arguments += '--example'
}
if ($Code) {
    $arguments += @('--code', $Code)
}
if ($NoBuild) {
    $arguments += '--no-build'
}
# The installer itself tells what it would do, step by step; it is always run, and changes nothing with --what-if.
if (-not $PSCmdlet.ShouldProcess('VS Code', 'Install Mesh-Sim Studio')) {
    $arguments += '--what-if'
}

& node @arguments
exit $LASTEXITCODE
