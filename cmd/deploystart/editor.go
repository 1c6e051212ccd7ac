package main

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// editor is the editor's command line, which may hold arguments: "code --wait".
func (env *environment) editor() string {
	return firstSet(env.getenv("VISUAL"), env.getenv("EDITOR"))
}

// opensEditor tells whether to open the editor: when asked to, or when somebody
// sits there to use it.
func (s *start) opensEditor() bool {
	if s.edit || s.noEdit {
		return s.edit
	}
	return s.env.interactive() && s.env.editor() != ""
}

// openEditor waits until the editor is closed. It is not stopped by an interrupt:
// Ctrl-C belongs to the editor as long as it runs.
func (env *environment) openEditor(path string) error {
	path, err := filepath.Abs(path) // a name that begins with "-" is no option
	if err != nil {
		return err
	}
	cmd := editorCommand(env.editor(), path)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = env.stdin, env.stdout, env.stderr
	if err := cmd.Run(); err != nil {
		env.tell("deploystart: the editor %q failed: %v; the record is there, open it yourself: %s", env.editor(), err, shown(path))
		return errReported
	}
	return nil
}

// editorCommand has the shell split the command line, as git does.
func editorCommand(editor, path string) *exec.Cmd {
	if runtime.GOOS == "windows" {
		words := append(strings.Fields(editor), path)
		return exec.Command(words[0], words[1:]...)
	}
	return exec.Command("sh", "-c", editor+` "$@"`, editor, path)
}
