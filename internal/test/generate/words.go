package generate

// person is a deployer and the offset of the local time from UTC, in minutes.
type person struct {
	name   string
	offset int
}

var people = []person{
	{"Ada Park", 120}, {"Håkan Lindqvist", 60}, {"Amara Okafor", 60}, {"Zoë Vandenberghe", 60},
	{"李晓梅", 480}, {"José Ñíguez Peña", 60}, {"Søren Kjær", 60}, {"Małgorzata Dąbrowska", 60},
	{"Rajesh Iyer", 330}, {"Fatima al-Zahrani", 180}, {"Юлия Соколова", 180}, {"田中 陽子", 540},
	{"Niamh O’Sullivan", 0}, {"Tomáš Dvořák", 60}, {"İpek Yılmaz", 180}, {"Kwame Mensah", 0},
	{"Lucía Fernández", -180}, {"Þórdís Jónsdóttir", 0}, {"Nguyễn Thị Hương", 420}, {"김민준", 540},
	{"Ștefan Ionescu", 120}, {"Élodie Lefèvre", 60}, {"Marko Petrović", 60}, {"Aroha Ngata", 720},
	{"Giulia De Luca", 60}, {"Οδυσσέας Παππάς", 120}, {"Ingrid Bjørnstad", 60}, {"Priya Raman", 330},
	{"Samuel Adeyemi", 60}, {"Noa Ben-David", 120}, {"Daniel Kowalczyk-Reyes", -300}, {"Leilani Kealoha", -600},
	{"Jürgen Weiß", 60}, {"Sanna Mäkelä", 120}, {"Yousef Haddad", 180}, {"Beatriz Gonçalves", -180},
	{"Ayşe Öztürk", 180}, {"Chinedu Eze", 60}, {"Maeve Byrne", 0}, {"Arjun Sengupta", 330},
}

var services = []string{
	"storefront", "checkout", "accounts", "catalogue", "search-api", "notifications",
	"billing", "warehouse", "image-proxy", "reporting", "identity", "jump-man",
}

var tags = []string{
	"docker", "database", "migration", "hotfix", "config", "dns", "tls", "cache", "feature-flag", "canary",
	"blue-green", "rollback", "performance", "security", "dependency", "kubernetes", "terraform", "queue",
	"frontend", "backend", "api", "observability", "on-call", "holiday-freeze", "first-time", "pairing",
	"capacity", "data-fix", "load-balancer", "secrets",
}

// lists hold what stands for {name} in a sentence.
var lists = map[string][]string{
	"part": {
		"connection pool", "readiness probe", "session cache", "ingress controller", "migration job", "log shipper",
		"message queue", "image registry", "configuration map", "feature flag", "TLS certificate", "worker pool",
		"read replica", "rate limiter", "static asset bucket", "cron schedule", "health endpoint", "token signer",
	},
	"trouble": {
		"timed out", "answered with 503", "was full", "restarted twice", "kept the old value", "refused the new schema",
		"took ten times as long as usual", "ran out of memory", "lost its leader", "returned stale data",
		"rejected the certificate", "did not drain", "logged nothing at all",
	},
	"cause": {
		"the limit was still that of last year", "two jobs asked for the same lock", "the variable was set in staging only",
		"the image had been pushed for another architecture", "nobody had renewed the token",
		"the index was built while traffic was on", "the new default is stricter", "a retry had no upper bound",
		"the old replicas had not been drained", "the clock of one node was off by four minutes",
		"the cache key did not contain the version", "the rollout did not wait for the probe",
	},
	"fix": {
		"raising the limit to 200", "restarting the workers one by one", "running the job again after the lock was gone",
		"setting the variable in both environments", "pinning the base image", "renewing the token by hand",
		"draining the old replicas first", "purging the cache for this version", "adding an upper bound of five retries",
		"moving the migration before the rollout", "waiting until the replica had caught up",
	},
	"practice": {
		"look at the error budget before the first step", "run the migration on a copy of the data",
		"tell support an hour ahead", "keep the old version warm for one hour", "compare the plan with the last one",
		"watch the queue depth while traffic shifts", "let a second person read the plan", "write the rollback command down first",
		"take the snapshot before the migration, not after it", "check the certificate's last day",
		"start with the smallest region", "turn the flag on for the team first", "note the p99 before and after",
	},
	"when": {
		"before the rollout", "during the canary", "after the first region", "while traffic was shifting",
		"ten minutes after the last step", "as soon as the cache was cold", "on the second try", "in the evening peak",
	},
	"thing": {
		"The rollback rehearsal", "The new dashboard", "The smoke test", "Pairing on the migration", "The canary",
		"The dry run", "The alert on queue depth", "The prepared announcement", "The short checklist", "The feature flag",
	},
	"gain": {
		"saved us a quarter of an hour", "showed the regression within a minute", "made the handover easy",
		"worked at the first attempt", "gave support an answer for every question", "kept the error rate flat",
		"caught a typo in the configuration", "let us stop before a customer noticed",
	},
}

// The patterns of the four kinds of notes.
var (
	wellPatterns = []string{
		"{thing} {gain}.",
		"{thing} {gain}, even though the {part} {trouble} {when}.",
		"No error reached a customer; the {part} held {when}.",
		"{thing} {gain} and **nobody** had to stay late.",
	}
	issuePatterns = []string{
		"The {part} {trouble} {when}, because {cause}. Fixed by {fix}.",
		"**{service}**: the {part} {trouble} {when}. Solved by {fix}; {cause}.",
		"`{service}` could not reach the {part} {when}: {cause}.",
		"We lost {minutes} minutes since the {part} {trouble}. Reason: {cause}. Remedy: {fix}.",
	}
	lessonPatterns = []string{
		"It pays to {practice}.",
		"When the {part} {trouble}, {fix} helps; {cause}.",
		"We should {practice}: this time the {part} {trouble} {when}.",
		"The checklist needs a step for the {part}, see [change {change}](https://changes.example.com/{change}).",
	}
	tipPatterns = []string{
		"Please {practice}.",
		"Remember to {practice}, above all {when}.",
		"Should the {part} fail again: try {fix}.",
		"Plan {minutes} minutes more for the {part}, and {practice}.",
	}
)
