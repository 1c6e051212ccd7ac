// Package webserver starts the web servers that the guide has lines for, as a user
// without rights would start them. They end with the test.
package webserver

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/records"
)

// Guide is the code of a language on a page of the guide.
func Guide(t testing.TB, page, language string) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("../../../docs/guide", page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	_ = ast.Walk(records.ParseDocument(page, source).Document.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if block, ok := n.(*ast.FencedCodeBlock); ok && entering && string(block.Language(source)) == language {
			b.Write(block.Lines().Value(source))
		}
		return ast.WalkContinue, nil
	})
	if b.Len() == 0 {
		t.Fatalf("%s has no code of %s", page, language)
	}
	return b.String()
}

const nginxConfig = `%sdaemon off;
error_log stderr;
pid nginx.pid;
events {}
http {
	types {
		text/html html;
		text/css css;
		text/javascript js;
		image/svg+xml svg;
		image/png png;
		application/xml xml;
		application/json json;
	}
	access_log off;
	client_body_temp_path tmp;
	proxy_temp_path tmp;
	fastcgi_temp_path tmp;
	uwsgi_temp_path tmp;
	scgi_temp_path tmp;
	%s
}
`

// Nginx starts nginx and returns its address. config is what it does at such an
// address, within http.
func Nginx(t testing.TB, config func(address string) string) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() // nginx has its own copy
	socket, err := listener.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	user := ""
	if os.Getuid() == 0 {
		user = "user root;\n" // the worker must be able to read the test's folder
	}
	address = listener.Addr().String()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "nginx.conf"), fmt.Sprintf(nginxConfig, user, config(address)))
	cmd := exec.CommandContext(t.Context(), program(t, "nginx"), "-p", dir, "-e", "stderr", "-c", "nginx.conf")
	// nginx takes over a socket that listens already. So nobody else gets the
	// port, and whoever asks before it is ready waits.
	cmd.Env, cmd.ExtraFiles = append(os.Environ(), "NGINX=3;"), []*os.File{socket}
	start(t, cmd)
	return address
}

// Caddy does the same with Caddy and a Caddyfile.
func Caddy(t testing.TB, config func(address string) string) (address string) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = free.Addr().String()
	free.Close()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "Caddyfile"), "{\n\tadmin off\n\tauto_https off\n}\n"+config(address))
	cmd := exec.CommandContext(t.Context(), program(t, "caddy"), "run", "--config", filepath.Join(dir, "Caddyfile"), "--adapter", "caddyfile")
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	start(t, cmd)
	for range 600 { // a busy machine takes its time
		resp, err := http.Get("http://" + address)
		if err == nil {
			resp.Body.Close()
			return address
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("caddy does not answer")
	return ""
}

func program(t testing.TB, name string) string {
	t.Helper()
	program, err := exec.LookPath(name)
	if errors.Is(err, exec.ErrNotFound) { // Debian keeps some where only root looks
		program, err = exec.LookPath("/usr/sbin/" + name)
	}
	if err != nil {
		t.Fatal(name + " is not installed; run: mise run setup-test")
	}
	return program
}

func start(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	var log strings.Builder
	cmd.Stderr = &log
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // its workers end as well
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt) // it may have ended
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
