package work

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/deploysite/deploysite/internal/text"
)

// versionOf finds the version of the services that are deployed among the tags of
// the commit, "" where none says it.
//
//	jump-man  v1.4.2                        v1.4.2
//	web       api-v1.2.3, web-v2.0.0        v2.0.0
//	web       api-v1.2.3                    ""
//	web       latest, production, v2.0.0    v2.0.0
//	web       v2, v2.0.0, v2.0.0-rc.1       v2.0.0
//
// A tag that names the service comes before one that names none. Where several say
// a version it is the highest: v2 moves on, rc.1 is over, and where two releases are
// one commit, the newer one goes out. Several services have a version only together.
func versionOf(tags, services []string) string {
	var named []string
	for _, service := range services {
		if v := versionFor(tags, service); v != "" {
			named = append(named, v)
		}
	}
	if len(named) == 0 {
		return highest(tags, plainForm)
	}
	if len(named) < len(services) || len(slices.Compact(named)) > 1 {
		return ""
	}
	return named[0]
}

const (
	numbers = `\d+(?:[.\-_]\d+)*`
	// What may follow the numbers. Any other word may be the name of another service.
	stage = `[.\-_~]?(?:rc|alpha|beta|preview|pre|dev|snapshot|m|a|b|build|hotfix|patch|post|final|ga|lts|release|sp|p)[.\-_]?\d*|[.\-]g?[0-9a-f]{7,}|\+[0-9a-z.\-]*\d[0-9a-z.\-]*`
	// A version as tags have it: v2.0.0, 2024-08-31, 1.4-rc.1
	versionText = `[vr]?` + numbers + `(?:` + stage + `)*`
	generic     = `(?:(?:releases?|rel|version|ver|build)[-_/.]?)?`
)

var plainForm = regexp.MustCompile(`(?i)^(` + generic + versionText + `)$`)

// versionFor is the version in those tags that name the service: web-v2.0.0,
// web/v2.0.0, @shop/web@2.0.0, services/web/v2.0.0, release/web-2.0.0, v2.0.0-web.
func versionFor(tags []string, service string) string {
	words := strings.FieldsFunc(norm.NFC.String(service), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return ""
	}
	for i := range words {
		words[i] = regexp.QuoteMeta(words[i])
	}
	name := strings.Join(words, `[-_./]?`)
	before := regexp.MustCompile(`(?i)^(?:[^/]+/)*` + generic + name + `[-_@/:.]` + generic + `(` + versionText + `)$`)
	behind := regexp.MustCompile(`(?i)^` + generic + `(` + versionText + `)[-_@/+]` + name + `$`)
	return highest(tags, before, behind)
}

// Release tells which version a tag names, and whose: of one of some services, or "" where
// it names none. ok is false for another tag, and for what comes before a release.
func Release(tag string, services []string) (service, version string, ok bool) {
	for _, s := range services {
		if v := versionFor([]string{tag}, s); v != "" {
			service, version = s, v
			break
		}
	}
	if version == "" {
		version = highest([]string{tag}, plainForm)
	}
	parts := versionParts.FindStringSubmatch(strings.ToLower(version))
	return service, version, parts != nil && stageRank(parts[2]) >= 0
}

// highest is the highest version that any of the forms finds in the tags.
func highest(tags []string, forms ...*regexp.Regexp) string {
	var found []string
	for _, tag := range tags {
		for _, form := range forms {
			if m := form.FindStringSubmatch(norm.NFC.String(tag)); m != nil {
				found = append(found, m[1])
			}
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.MaxFunc(found, compareVersions)
}

var versionParts = regexp.MustCompile(`(` + numbers + `)(?:[.\-_~]?([a-z]+)[.\-_]?(\d*))?`)

// compareVersions puts versions in order: 1.4 before 1.10, 1.4-rc.2 before 1.4, and
// what has no dot, such as a day or a build, before what has one.
func compareVersions(a, b string) int {
	partsA, partsB := versionParts.FindStringSubmatch(strings.ToLower(a)), versionParts.FindStringSubmatch(strings.ToLower(b))
	return cmp.Or(
		cmp.Compare(hasDot(partsA[1]), hasDot(partsB[1])),
		slices.Compare(text.Numbers(partsA[1]), text.Numbers(partsB[1])),
		cmp.Compare(stageRank(partsA[2]), stageRank(partsB[2])),
		cmp.Compare(partsA[2], partsB[2]),
		slices.Compare(text.Numbers(partsA[3]), text.Numbers(partsB[3])),
	)
}

func hasDot(numbers string) int { return min(strings.Count(numbers, "."), 1) }

// stageRank tells what comes before a release, the release, and what is mended in it.
func stageRank(word string) int {
	switch word {
	case "rc", "alpha", "beta", "preview", "pre", "dev", "snapshot", "m", "a", "b":
		return -1
	case "hotfix", "patch", "post", "sp", "p":
		return 1
	}
	return 0
}
