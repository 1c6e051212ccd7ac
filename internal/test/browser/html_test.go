package browser

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestHTMLIsValid gives every page to the Nu validator, the one behind
// validator.w3.org.
func TestHTMLIsValid(t *testing.T) {
	t.Parallel()
	const jar = "npm/node_modules/vnu-jar/build/dist/vnu.jar"
	if _, err := os.Stat(jar); err != nil {
		t.Fatalf("the validator is not installed: %v; run: mise run setup-test", err)
	}
	if _, err := exec.LookPath("java"); err != nil {
		t.Fatal("Java is not installed; run: mise run setup-test")
	}
	roots := inputs(t)
	maps.Copy(roots, languages(t))
	// So short a run is not worth an optimising compiler, nor a collector with threads.
	args := []string{"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m", "-jar", jar, "--errors-only", "--skip-non-html", "--format", "json"}
	names := map[string]string{}
	for name, root := range roots { // all in one run: starting the validator takes longer than most sites
		b := build(t, root)
		args, names[b.dir] = append(args, b.dir), name
	}
	cmd := exec.CommandContext(t.Context(), "java", args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	err := cmd.Run() // exits 1 where there are errors
	var report struct {
		Messages []struct{ URL, Message, Extract string }
	}
	if json.Unmarshal(stderr.Bytes(), &report) != nil {
		t.Fatalf("the validator failed: %v\n%s", err, stderr.Bytes())
	}
	for i, m := range report.Messages {
		if i == 20 {
			t.Errorf("and %d more", len(report.Messages)-i)
			break
		}
		where := strings.TrimPrefix(m.URL, "file:")
		for dir, name := range names {
			where = strings.Replace(where, dir, name, 1)
		}
		t.Errorf("%s: %s\n\t%s", where, m.Message, strings.ReplaceAll(m.Extract, "\n", " "))
	}
}
