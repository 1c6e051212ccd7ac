package secrets

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	"github.com/zricethezav/gitleaks/v8/config"

	"github.com/deploysite/deploysite/internal/text"
)

// An issuer is one rule of gitleaks: the shape of the tokens of one service. Its
// expressions are compiled when it is first needed, which in most builds is never.
type issuer struct {
	id       string
	keywords []string
	named    bool // the token has no shape; the issuer's name before it gives it away
	rule     func() config.Rule
	shape    func() *regexp.Regexp
}

// unused are rules of gitleaks that do not fit records: those that look at a file's
// name, and those that our own forms replace.
var unused = map[string]bool{
	"generic-api-key": true, "curl-auth-header": true, "curl-auth-user": true, "private-key": true, "kubernetes-secret-yaml": true,
	"pkcs12-file": true, "freemius-secret-key": true, "hashicorp-tf-password": true, "nuget-config-password": true,
}

// public ends the names of rules for what is no secret.
var public = text.Pattern(`-(?:id|pub-key|public-key|pub-api-key)$`)

// ruleHead is the beginning of one rule in the rules of gitleaks.
const ruleHead = "\n[[rules]]\n"

// issuers cuts the rules apart. Reading all of them takes a tenth of a second, so each
// is read by itself.
var issuers = sync.OnceValue(func() (all []*issuer) {
	parts := strings.Split(config.DefaultConfig, ruleHead)
	for _, part := range parts[1:] {
		id := between(part, `id = "`, `"`)
		if unused[id] || public().MatchString(id) {
			continue
		}
		i := &issuer{id: id, keywords: ruleKeywords(part), named: strings.Contains(part, beforeName)}
		i.rule = sync.OnceValue(func() config.Rule { return readRule(ruleHead + part) })
		i.shape = sync.OnceValue(i.compile)
		all = append(all, i)
	}
	return all
})

// beforeName is how the shape of a rule begins that goes by a name. It would make the
// expression thousand times slower, and the name is found already.
const beforeName = `[\w.-]{0,50}?`

// compile makes the shape that is looked for: for a name, from the name on.
func (i *issuer) compile() *regexp.Regexp {
	rule := i.rule()
	if !i.named {
		return rule.Regex
	}
	return regexp.MustCompile(`^(?:` + strings.ReplaceAll(rule.Regex.String(), beforeName, "") + `)`)
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

var quoted = text.Pattern(`"([^"]+)"`)

func ruleKeywords(part string) (words []string) {
	for _, m := range quoted().FindAllStringSubmatch(between(part, "\nkeywords = [", "]"), -1) {
		words = append(words, strings.ToLower(m[1]))
	}
	return words
}

// readRule compiles one rule. The file is a part of the program, so a mistake in it is
// one of ours, and a test reads every rule.
func readRule(part string) config.Rule {
	var file config.ViperConfig
	if _, err := toml.Decode(part, &file); err != nil {
		panic(fmt.Sprintf("the rules of gitleaks: %v", err))
	}
	rules, err := file.Translate()
	if err != nil {
		panic(fmt.Sprintf("the rules of gitleaks: %v", err))
	}
	return rules.Rules[rules.OrderedRules[0]]
}

func issuerKeywords() (all []keyword) {
	for _, i := range issuers() {
		for _, word := range i.keywords {
			if word == "ey" { // every token of this kind begins with the JSON of an object
				word = "eyj"
			}
			look := i.look
			if word == "s." { // many addresses have it: "https://docs.example.com"
				look = func(s *scan, at int) {
					if token := s.source[at+2 : min(at+2+vaultToken, len(s.source))]; len(token) == vaultToken && !slices.ContainsFunc(token, notAlnum) {
						i.look(s, at)
					}
				}
			}
			for _, word := range threeBytes(word) {
				all = append(all, keyword{word, look})
			}
		}
	}
	return all
}

// vaultToken is how many letters and digits are in a token of Vault, behind "s.".
const vaultToken = 24

func notAlnum(c byte) bool { return !isAlnum(c) }

// threeBytes makes keywords of two bytes one longer. Twilio's "sk" is followed by a
// hexadecimal digit; Vault's "s." and Azure's "q~" by a letter or digit.
func threeBytes(word string) (all []string) {
	if len(word) > 2 {
		return []string{word}
	}
	next := "0123456789abcdefghijklmnopqrstuvwxyz_-.~"
	if word == "sk" {
		next = next[:16]
	}
	for _, c := range next {
		all = append(all, word+string(c))
	}
	return all
}

// How far around its keyword a rule looks, in bytes.
const (
	behind   = 64
	ahead    = 400
	overlap  = 200     // of two windows: the longest match that has no long token in it
	longRun  = 8192    // the longest token that is followed to its end
	shortRun = 15      // shorter ones are no tokens
	patience = 1 << 19 // bytes that expressions may read of any text
)

// look runs a rule around its keyword.
func (i *issuer) look(s *scan, at int) {
	if at < s.seen[i] {
		return
	}
	if s.seen == nil {
		s.seen = map[*issuer]int{}
	}
	run, ok := i.run(s.source, at)
	if !ok {
		s.seen[i] = run.End
		return
	}
	start, end := max(at-behind, 0), min(at+ahead, len(s.source))
	if i.named {
		start = at
	} else {
		s.seen[i] = end - overlap
	}
	end = runEnd(s.source, end, i.longest())
	if s.credit -= end - start; s.credit < 0 { // too many keywords to look at each: what is like a token is one
		s.add(i.id, run.Start, run.End)
		return
	}
	i.match(s, start, s.source[start:end])
}

// run finds what might be a token: a long run of its characters with a digit in it,
// around the keyword, or for a name soon after it. What was looked through in vain
// is the run as well.
func (i *issuer) run(source []byte, at int) (run text.Span, ok bool) {
	from, to := at, at+1
	for from > 0 && at-from < behind && inToken(source[from-1]) {
		from--
	}
	if i.named {
		to = min(at+120, len(source))
	}
	for from < to {
		run = text.Span{Start: from, End: runEnd(source, max(from, at), i.longest())}
		if run.End-from >= shortRun && slices.ContainsFunc(source[from:run.End], isDigit) {
			return run, true
		}
		from = run.End + 1
	}
	if i.named {
		run.End = at + 1
	}
	return run, false
}

// longest is how far a token is followed.
func (i *issuer) longest() int {
	if i.named {
		return overlap
	}
	return longRun
}

func runEnd(source []byte, from, most int) int {
	for most = min(from+most, len(source)); from < most && inToken(source[from]); from++ {
	}
	return from
}

func inToken(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '-' || c == '.' || c == '+' || c == '/' || c == '~'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// match adds what the rule finds in a window of the text.
func (i *issuer) match(s *scan, offset int, window []byte) {
	for _, m := range i.shape().FindAllSubmatchIndex(window, -1) {
		start, end := group(m, i.rule().SecretGroup)
		if s.many() || i.isSecret(string(window[start:end]), string(window[m[0]:m[1]])) {
			s.add(i.id, offset+start, offset+end)
		}
	}
}

// isSecret judges a secret that the rule found, in its match.
func (i *issuer) isSecret(secret, whole string) bool {
	rule := i.rule()
	return (rule.Entropy == 0 || entropy(secret) > rule.Entropy) && !allowedBy(rule, secret, whole) && !i.harmless(secret, whole)
}

// group is the secret in a match: the group that the rule names, else the first one
// that took part.
func group(m []int, named int) (start, end int) {
	if named > 0 {
		return m[2*named], m[2*named+1]
	}
	for g := 2; g+1 < len(m); g += 2 {
		if m[g+1] > m[g] {
			return m[g], m[g+1]
		}
	}
	return m[0], m[1]
}

// allowedBy applies what the rule itself takes for no secret.
func allowedBy(rule config.Rule, secret, whole string) bool {
	for _, a := range rule.Allowlists {
		of := secret
		if a.RegexTarget != "" {
			of = whole
		}
		stop, _ := a.ContainsStopWord(secret)
		if a.RegexAllowed(of) || stop {
			return true
		}
	}
	return false
}

// harmless reports whether what has the shape of a token is known not to be one. An id
// or a digest beside an issuer's name is one only if something says so.
func (i *issuer) harmless(secret, whole string) bool {
	if isExample(secret) || isMasked(secret) {
		return true
	}
	return i.named && isDigest(secret) && !saysSecret().MatchString(strings.TrimSuffix(whole, secret))
}

var saysSecret = text.Pattern(`(?i)key|token|secret|passw|auth|cred`)

// entropy is how many bits a character of s tells.
func entropy(s string) (bits float64) {
	var count [256]int
	for i := range len(s) {
		count[s[i]]++
	}
	for _, n := range count {
		if n > 0 {
			p := float64(n) / float64(len(s))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}
