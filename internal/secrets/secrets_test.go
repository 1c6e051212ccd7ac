package secrets

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/zricethezav/gitleaks/v8/config"

	"github.com/deploysite/deploysite/internal/text"
)

// isHidden reports whether nothing of a sample's secrets can be read any more.
func isHidden(s sample) bool {
	masked := string(Mask([]byte(s.text), Finder{}.Find([]byte(s.text))).Source)
	for _, secret := range s.secret {
		if strings.Contains(masked, secret) {
			return false
		}
	}
	return true
}

// measure holds a set of samples to the rates that the guide names.
func measure(t *testing.T, secret, harmless []sample) {
	t.Helper()
	var hidden, wrong int
	for _, s := range secret {
		if isHidden(s) {
			hidden++
		} else {
			t.Logf("missed: %q", s.text)
		}
	}
	for _, s := range harmless {
		if found := (Finder{}).Find([]byte(s.text)); len(found) > 0 {
			wrong++
			t.Logf("no secret: %q: %v", s.text, found)
		}
	}
	recall, precision := float64(hidden)/float64(len(secret)), float64(hidden)/float64(hidden+wrong)
	t.Logf("of %d secrets %d were found: recall %.3f; of %d harmless texts %d were taken for one: precision %.3f", len(secret), hidden, recall, len(harmless), wrong, precision)
	if len(secret) < 40 || len(harmless) < 40 || recall < 0.95 || precision < 0.95 {
		t.Errorf("recall %.3f, precision %.3f; each must be 0.95", recall, precision)
	}
}

func TestRates(t *testing.T) {
	t.Run("tuning", func(t *testing.T) { measure(t, tuningSecrets(), tuningHarmless()) })
	t.Run("commands", func(t *testing.T) { measure(t, commandSecrets(), commandHarmless()) })
	t.Run("held out", func(t *testing.T) { measure(t, heldOutSecrets(), heldOutHarmless()) })
}

// TestIssuers holds the way in which the rules of gitleaks are cut apart to the rules
// themselves.
func TestIssuers(t *testing.T) {
	var file config.ViperConfig
	if _, err := toml.Decode(config.DefaultConfig, &file); err != nil {
		t.Fatal(err)
	}
	all, err := file.Translate()
	if err != nil {
		t.Fatal(err)
	}
	left := len(all.Rules) - len(issuers())
	for _, i := range issuers() {
		rule := all.Rules[i.id]
		if rule.Regex == nil || !slices.Equal(rule.Keywords, i.keywords) || i.rule().Regex.String() != rule.Regex.String() || i.rule().Entropy != rule.Entropy || rule.Path != nil {
			t.Errorf("the rule %s is not that of gitleaks", i.id)
		}
		if i.shape() == nil || i.named == strings.Contains(i.shape().String(), beforeName) && i.named {
			t.Errorf("the shape of %s is not cut", i.id)
		}
	}
	t.Logf("%d rules are used, %d are not", len(issuers()), left)
	if len(issuers()) < 180 || left < len(unused) {
		t.Errorf("%d rules are used, %d are not; names in unused may have changed", len(issuers()), left)
	}
}

// TestHostile looks only for what must not happen to any text.
func TestHostile(t *testing.T) {
	for name, source := range hostile() {
		t.Run(name, func(t *testing.T) { checkSound(t, []byte(source[:16<<10])) })
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range slices.Concat(tuningSecrets(), tuningHarmless(), commandSecrets(), commandHarmless()) {
		f.Add([]byte(s.text))
	}
	f.Fuzz(func(t *testing.T, source []byte) { checkSound(t, source) })
}

// checkSound finds secrets in a text, and puts them back in the places of their marks.
func checkSound(t *testing.T, source []byte) {
	t.Helper()
	m := Mask(source, Finder{}.Find(source))
	var back []byte
	at := 0
	for i, p := range m.places {
		line, column := text.Position(source, p.original.Start)
		if s := m.Found[i]; s.Line != line || s.Column != column || s.End <= s.Start || p.masked.Start < at {
			t.Fatalf("secret %d is %+v, at %d:%d", i, s, line, column)
		}
		back = append(back, m.Source[at:p.masked.Start]...)
		back = append(back, source[p.original.Start:p.original.End]...)
		at = p.masked.End
	}
	if back = append(back, m.Source[at:]...); !bytes.Equal(back, source) {
		t.Fatal("the text beside the secrets has changed")
	}
	MarkUp(m.Source)
	problems := m.Problems("a.md")
	m.Restore(problems)
}

// TestMarks puts nothing but the secret into a mark, and leaves lines below a key in
// their places.
func TestMarks(t *testing.T) {
	m := newMaker(6)
	key, _ := m.pem("PRIVATE KEY", "> ", 4)
	for text, want := range map[string]string{
		"DB_PASSWORD=" + m.word() + " and more":              "DB_PASSWORD=‹secret-removed:password› and more",
		"use `glpat-" + m.alnum(20) + "`, then go on":        "use `‹secret-removed:gitlab-pat›`, then go on",
		"{\"apiKey\": \"" + m.alnum(32) + "\", \"b\": 1}":    "{\"apiKey\": \"‹secret-removed:token›\", \"b\": 1}",
		"redis://:" + m.alnum(12) + "@cache:6379/0":          "redis://:‹secret-removed:password-in-address›@cache:6379/0",
		"?a=1&token=" + m.alnum(20) + "&b=2":                 "?a=1&token=‹secret-removed:token›&b=2",
		"Password=" + m.alnum(12) + ";Encrypt=True":          "Password=‹secret-removed:password›;Encrypt=True",
		"before\n" + key + "\nafter":                         "before\n> ‹secret-removed:private-key›\nafter",
		"the password is " + m.word() + ", (see below).":     "the password is ‹secret-removed:password›, (see below).",
		"\xff\xfe password=" + m.word() + "\xc3 \xff":        "\xff\xfe password=‹secret-removed:password› \xff",
		"\ufefftoken: \"" + m.alnum(30) + "\" \r\nnext":      "\ufefftoken: \"‹secret-removed:token›\" \r\nnext",
		"curl -u ada:" + m.word() + " https://x.internal/a":  "curl -u ada:‹secret-removed:curl-user› https://x.internal/a",
		"| password | " + m.word() + " | the old one |":      "| password | ‹secret-removed:password› | the old one |",
		"sshpass -p '" + m.word() + "' ssh web1 'uptime -p'": "sshpass -p '‹secret-removed:command-password›' ssh web1 'uptime -p'",
	} {
		if got := (Finder{}).Text(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
