package docs

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark/ast"
)

// TestServerBelowAPath runs nginx with the lines of the guide.
func TestServerBelowAPath(t *testing.T) {
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"arcade-site/index.html": "the site", "arcade-site/404.html": "not found here", "other/index.html": "the rest"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var lines string
	p := pages(t)["docs/guide/publish.md"]
	p.walk(func(n ast.Node) {
		if language, text, _ := p.code(n); language == "nginx" {
			lines = strings.ReplaceAll(text, "/tmp/", dir+"/")
		}
	})
	address := startNginx(t, nginx, dir, lines)
	for path, want := range map[string]string{
		"/":                    "200 the rest",
		"/arcade":              "200 the site",
		"/arcade/":             "200 the site",
		"/arcade/records/none": "404 not found here",
	} {
		resp, err := http.Get("http://" + address + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if got := fmt.Sprint(resp.StatusCode, " ", string(body)); err != nil || got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// startNginx serves the folder other, and what the lines say, until the test ends.
func startNginx(t *testing.T, nginx, dir, lines string) (address string) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = free.Addr().String()
	free.Close()
	user := ""
	if os.Geteuid() == 0 { // else its workers are nobody, who may not read here
		user = "user root;"
	}
	config := fmt.Sprintf(`daemon off; pid %[1]s/pid; error_log stderr; %[4]s
events {}
http {
	access_log off; client_body_temp_path %[1]s/t1; proxy_temp_path %[1]s/t2; fastcgi_temp_path %[1]s/t3; uwsgi_temp_path %[1]s/t4; scgi_temp_path %[1]s/t5;
	server { listen %[2]s; root %[1]s/other;
%[3]s
	}
}`, dir, address, lines, user)
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	cmd := exec.Command(nginx, "-p", dir, "-c", file)
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	for range 100 {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			return address
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("nginx does not answer: %s", &said)
	return ""
}
