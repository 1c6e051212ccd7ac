package main

import (
	"io"
	"os"
	"os/exec"
	"runtime"

	"github.com/deploysite/deploysite/internal/records"
)

// openBrowser opens an address of ours in the person's browser. No shell reads it.
func openBrowser(address string) error {
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

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// A visibleWriter makes visible what would steer a terminal.
type visibleWriter struct{ io.Writer }

func (w visibleWriter) Write(text []byte) (int, error) {
	_, err := io.WriteString(w.Writer, records.Visible(string(text)))
	return len(text), err
}
