package secrets

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// record is an ordinary record without secrets, of about 4 kB.
func record(tb testing.TB) []byte {
	files, err := filepath.Glob("../../examples/*/deployments/checklists/*.md")
	if err != nil || len(files) == 0 {
		tb.Fatal("there are no examples", err)
	}
	var all []byte
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			tb.Fatal(err)
		}
		if all = append(all, data...); len(all) > 4000 {
			break
		}
	}
	return all[:4000]
}

// BenchmarkOrdinary is what each record costs every build.
func BenchmarkOrdinary(b *testing.B) {
	source := record(b)
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		Finder{}.Find(source)
	}
}

// hostile are texts of 4 MB that are made to be slow.
func hostile() map[string]string {
	m := newMaker(5)
	fill := func(line func() string) string {
		var b strings.Builder
		for b.Len() < 4<<20 {
			b.WriteString(line())
		}
		return b.String()
	}
	same := func(s string) string { return strings.Repeat(s, 4<<20/len(s)) }
	var words []string
	for _, i := range issuers() {
		words = append(words, i.keywords...)
	}
	n := 0
	return map[string]string{
		"tokens":        fill(func() string { return fmt.Sprintf("step %d used ghp_%s\n", m.IntN(1000), m.alnum(36)) }),
		"passwords":     fill(func() string { return "DB_PASSWORD=" + m.word() + "\n" }),
		"words":         fill(func() string { n++; return words[n%len(words)] + ": abcdefghij0123456789 " }),
		"one line":      fill(func() string { return "api_key=" + m.alnum(24) + "&" }),
		"keys":          same("-----BEGIN PRIVATE KEY-----\n"),
		"open key":      "-----BEGIN PRIVATE KEY-----\n" + fill(func() string { return m.b64(48) + "\n" }),
		"jwt":           same("eyJ"),
		"jwt with a 1":  same("eyJ1"),
		"long run":      same("datadog1"),
		"quotes":        same("password=\""),
		"addresses":     same("://a:b"),
		"cookies":       same("cookie: a=b; "),
		"kind":          same("kind: secret\ndata:\n a: b\n"),
		"curl":          same("curl -u a:"),
		"login":         same("docker login "),
		"stdin":         same("echo aaaa1 --password-stdin "),
		"comments":      same("password=hunter2x <!-- secret-ok: x -->\n"),
		"fences":        same("<!-- secret-ok: x -->\n```\npassword=hunter2x\n"),
		"invalid UTF-8": same("\xff\xfetoken=\xc3\x28abcdefgh1234 "),
	}
}

func BenchmarkHostile(b *testing.B) {
	for name, source := range hostile() {
		b.Run(name, func(b *testing.B) {
			found := 0
			for b.Loop() {
				secrets := Finder{}.Find([]byte(source))
				found = len(Mask([]byte(source), secrets).Found)
			}
			b.ReportMetric(float64(found), "secrets")
		})
	}
}
