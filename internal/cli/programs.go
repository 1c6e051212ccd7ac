package cli

import (
	"cmp"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Editor is the command line of the user's editor, which may hold arguments:
// "code --wait". It is "" where none is set.
func (env *Env) Editor() string {
	return cmp.Or(strings.TrimSpace(env.Getenv("VISUAL")), strings.TrimSpace(env.Getenv("EDITOR")))
}

// OpenEditor waits until the editor is closed. It is not stopped by an interrupt:
// Ctrl-C belongs to the editor as long as it runs.
func (env *Env) OpenEditor(path string) error {
	path, err := filepath.Abs(path) // a name that begins with "-" is no option
	if err != nil {
		return err
	}
	cmd := env.EditorCommand(path)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = env.Stdin, env.Stdout, env.Stderr
	if err := cmd.Run(); err != nil {
		env.Tell("%s: the editor %q failed: %v; the record is there, open it yourself: %s", env.Name, env.Editor(), err, Shown(path))
		return ErrReported
	}
	return nil
}

// EditorCommand opens a file in the user's editor. The shell splits the command
// line, as it does for git. The path must be absolute.
func (env *Env) EditorCommand(path string) *exec.Cmd {
	editor := env.Editor()
	if runtime.GOOS == "windows" {
		words := append(strings.Fields(editor), path)
		return exec.Command(words[0], words[1:]...)
	}
	return exec.Command("sh", "-c", editor+` "$@"`, editor, path)
}

// ShellCommand has the user's own shell run a line.
func (env *Env) ShellCommand(line string) *exec.Cmd {
	if runtime.GOOS == "windows" {
		return exec.Command(cmp.Or(strings.TrimSpace(env.Getenv("COMSPEC")), "cmd.exe"), "/C", line)
	}
	return exec.Command(cmp.Or(strings.TrimSpace(env.Getenv("SHELL")), "/bin/sh"), "-c", line)
}

// DrawsScreens tells whether the terminal can be drawn on. On Windows each one
// can, and says nothing of it.
func (env *Env) DrawsScreens() bool {
	kind := env.Getenv("TERM")
	return kind != "dumb" && (kind != "" || runtime.GOOS == "windows")
}

// OpenBrowser opens an address in the user's browser. No shell reads it.
func OpenBrowser(address string) error {
	cmd := exec.Command("xdg-open", address)
	switch runtime.GOOS {
	case "darwin":
		cmd = exec.Command("open", address)
	case "windows":
		cmd = exec.Command("rundll32", "url.dll,FileProtocolHandler", address)
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }() // some run for as long as the browser
	return nil
}
