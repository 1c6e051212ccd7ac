package ledger

import (
	"strings"
)

// What the measure knows of words, in English, German, Japanese and Chinese. All is
// folded: small letters, one width.

// alikeList has words that say the same of a deployment, a line each.
const alikeList = `
purge clear flush invalidate empty evict wipe leeren 消す 清空 清除 清理
check verify confirm validate ensure inspect prüfen überprüfen kontrollieren 確認 检查 确认
database db datenbank データベース 数据库
certificate cert zertifikat 証明書 证书
restart reboot neustarten neustart 再起動 重启
deploy deployment rollout release ship ausrollen deployen デプロイ リリース 部署 发布 上线
config configuration setting konfiguration einstellung 設定 配置
environment env umgebung 環境 环境
migrate migration migrieren マイグレーション 移行 迁移
alert alarm page notify warn alarmieren アラート 通知 告警 报警
wait hold pause warten 待つ 等待
announce inform tell ankündigen informieren melden 連絡 知らせる 告知
backup dump snapshot sicherung バックアップ 备份
container pod
machine host server instance node box rechner サーバー 服务器 机器
timeout deadline zeitlimit タイムアウト 超时
fail break crash fehlschlagen ausfallen scheitern 失敗 失败 挂
test probe testen テスト 测试
slow lag sluggish langsam 遅い 慢
expire lapse run-out ablaufen abgelaufen 期限切れ 过期
renew rotate reissue erneuern 更新 续期
repository repo
documentation docs runbook handbook dokumentation 手順書 文档
dependency package library abhängigkeit 依存 依赖
permission right privilege access berechtigung recht 権限 权限
queue backlog warteschlange キュー 队列
disk volume storage platte festplatte ディスク 磁盘
traffic load requests verkehr last トラフィック 流量
flag toggle switch schalter フラグ 开关
rollback revert undo zurückrollen ロールバック 回滚
delete remove drop löschen entfernen 削除 删除
evening night abend nacht 夜 晚上
people colleagues team leute 担当 同事
fix repair mend solve beheben reparieren 修正 修复
copy clone replica kopie 复制
log logs protokoll ログ 日志
monitor watch observe beobachten überwachen 監視 监控 观察
secret password credential passwort kennwort パスワード 密码
key schlüssel 鍵 密钥
build compile bauen ビルド 构建
index indexes indices indizes インデックス 索引
lock locks sperre sperren ロック 锁
user users customer customers client benutzer kunde kunden ユーザー 用户
manual manually hand händisch 手動 手动
schedule plan planen 予定 计划
record entry eintrag レコード 记录
image images abbild イメージ 镜像
approve approval sign-off freigabe 承認 批准
dns nameserver
peak busiest rush stoßzeit ピーク 高峰
friday friday's freitag freitags 金曜 周五
`

// opposites are words with their contraries: either side of a line, which "|" parts.
const opposites = `
before prior beforehand vor vorher bevor davor 以前 之前 事前 前に 前 | after afterwards following nach nachher nachdem danach 以後 之后 以后 事後 後に 後 后
always immer stets jedes 必ず 常に 总是 始终 一定 必须 每次 | never nie niemals 決して 从不 永不 绝不
enable enables enabled enabling activate activated aktivieren aktiviert einschalten eingeschaltet 有効 启用 开启 打开 | disable disables disabled disabling deactivate deactivated deaktivieren deaktiviert ausschalten ausgeschaltet abschalten abgeschaltet 無効 禁用 关闭 关掉 停用
on an オン | off aus オフ
start starts starting started begin begins starten gestartet 開始 起動 启动 开始 | stop stops stopping stopped halt halts stoppen gestoppt anhalten 停止 停
up hoch rauf 上げ 上げる 上调 调高 | down runter herunter 下げ 下げる 下调 调低
increase increases increased increasing raise raises raised raising grow grew larger bigger higher erhöhen erhöht vergrößern 増やす 増加 増 增加 增大 提高 | decrease decreases decreased decreasing lower lowers lowered lowering reduce reduces reduced reducing shrink shrank smaller senken gesenkt verringern verkleinern reduzieren 減らす 減少 減 减少 减小 降低
more mehr 多い 更多 | less fewer weniger 少ない 更少
add adds added adding append hinzufügen hinzugefügt ergänzen 追加 添加 加上 | remove removes removed removing delete deletes deleted deleting drop drops dropped dropping entfernen entfernt löschen gelöscht 削除 删除 去掉
create creates created creating erstellen anlegen 作成 创建 | destroy destroys destroyed destroying delete deletes deleted drop drops dropped 削除 删除
open opens opened opening öffnen geöffnet | close closes closed closing schließen geschlossen
allow allows allowed allowing permit accept accepts accepted erlauben erlaubt zulassen 許可 允许 | deny denies denied forbid forbids forbidden block blocks blocked blocking reject rejects rejected refuse refuses refused verbieten verboten sperren gesperrt 拒否 拒绝 禁止
first erst erste zuerst 最初 先に 先 首先 | last zuletzt letzte 最後 最后
old older alt alte alten alter 古い 旧 | new newer neu neue neuen neuer 新しい 新
primary leader master hauptserver プライマリ 主库 主节点 | replica secondary standby follower slave レプリカ スタンバイ 从库 从节点 备库
production prod live produktion produktiv 本番 生产 线上 | staging stage preview testumgebung testsystem ステージング 检証 测试环境 预发
upgrade upgrades upgraded upgrading 升级 アップグレード | downgrade downgrades downgraded downgrading 降级 ダウングレード
fast faster quick quicker quickly schnell schneller 速い 快 | slow slower slowly langsam langsamer 遅い 慢
early earlier früh früher 早い 早く 早 提前 | late later spät später 遅く 晚 推迟
minimum min least lowest mindestens 最小 最低 至少 | maximum max most highest höchstens 最大 最高 最多 至多
read reads reading lesen 読み 读 | write writes writing schreiben 書き 写
lock locks locked | unlock unlocks unlocked
forward vorwärts | back backward backwards rückwärts zurück
deploy deploys deployed deploying ausrollen デプロイ 部署 发布 | rollback rollbacks zurückrollen ロールバック 回滚
import importieren インポート 导入 | export exportieren エクスポート 导出
source quelle 源 | target destination ziel 目标
automatic automatically automate automated automatisch 自動 自动 | manual manually hand händisch manuell 手動 手动 人工 手で
synchronous synchron 同期 同步 | asynchronous async asynchron 非同期 异步
keep keeps kept keeping retain behalten 残す 保留 | delete deletes deleted deleting discard drop remove löschen 削除 删除 丢弃
with mit 付き | without ohne なしで
same gleiche gleichen selbe 同じ 相同 | different andere anderen 別の 不同
green grün | red rot
public öffentlich 公開 公网 | private intern 非公開 内网
internal internally innerhalb 内部 | external externally extern 外部
full voll 満杯 满 | empty leer 空
attach attached mount mounted | detach detached unmount unmounted
grant granted | revoke revoked
include included einschließen 含む 包含 包括 | exclude excluded ausschließen 除外 排除
pause paused suspend | resume resumed unpause
encrypt encrypted verschlüsselt 加密 暗号化 | decrypt decrypted unencrypted plaintext unverschlüsselt 明文 平文
online | offline
longer länger 長い 延長 长 延长 | shorter kürzer 短い 短縮 短 缩短
succeed succeeds succeeded successful erfolgreich 成功 | fail fails failed failing fehlgeschlagen fehlschlagen scheitert 失敗 失败
blue blau | green grün
single once einmal 一回 一次 单个 | twice both several multiple zweimal mehrere 二回 両方 复数 两次 多个
some einige 一部 部分 | all every each alle jede すべて 全て 全部 所有
alone allein 一人 ひとり 独自 | together gemeinsam zusammen pair 二人 一緒 一起
weekday werktag werktags 平日 工作日 | weekend wochenende 週末 周末
day daytime tags tagsüber 昼 日中 白天 | night nights nachts nacht 夜 夜間 深夜 夜里 晚上
static | dynamic
warm | cold
horizontal horizontally | vertical vertically
client clients | server servers
strict | lenient
known bekannt | unknown unbekannt
local lokal ローカル 本地 | remote entfernt リモート 远程
hard | soft
outgoing outbound egress ausgehend | incoming inbound ingress eingehend
daily täglich 毎日 每天 | weekly wöchentlich 毎週 每周 | monthly monatlich 毎月 每月 | hourly stündlich 毎時 每小时 | yearly jährlich 毎年 每年
monday mondays montag montags 月曜 周一 | tuesday tuesdays dienstag dienstags 火曜 周二 | wednesday wednesdays mittwoch mittwochs 水曜 周三 | thursday thursdays donnerstag donnerstags 木曜 周四 | friday fridays freitag freitags 金曜 周五 | saturday saturdays samstag samstags 土曜 周六 | sunday sundays sonntag sonntags 日曜 周日
`

// negators say that something is not so, or not to be done.
var negators = set(`not no never none nothing nobody neither nor cannot cant can't don't dont doesn't doesnt didn't didnt won't wont wouldn't wouldnt
	shouldn't shouldnt isn't isnt aren't arent wasn't wasnt weren't werent haven't havent hasn't hasnt hadn't hadnt couldn't couldnt mustn't mustnt needn't neednt
	without avoid avoids avoided avoiding forbid forbidden forgot forgets stop skip skips skipped skipping refuse instead unless lack lacks lacked lacking missing fail fails failed failing failure
	nicht kein keine keinen keiner keinem keines nie niemals nichts niemand ohne vermeiden verboten weder statt fehlt fehlte fehlen fehlgeschlagen scheitert scheiterte
	ない なく ません ませんでした ず 禁止 なし なかった 決して せずに ずに しない
	不 没 未 无 無 别 勿 莫 禁止 避免 没有 失敗 失败 不要 不能 不得 切勿 从不 绝不 永不 忘了 忘记`)

// plain are phrases of which a part would be read wrongly. They turn nothing around.
var plain = set(`前回 名前 最後 最后 午前 午後 前提 目前 当前 前端 后端 后台 然后 不足 非常 未来 不良 不明 不具合 少ない かもしれない なければならない なければいけない なければ しないと
	分别 特别 级别 别的 无论 不仅 不但 不断 差不多 后来 后续 不久 事务 前面 后面 不用说 前后 不同 不一致 不对 新建 更新 重新 最新 新規 写入 写真 読み込み 短信 短時間 長時間 空間 空间 満足 停电 停電
	只读 分からない 足りない 足らない 間に合わない 上线 线下 以前 今後 今后 直後 直前 夜間 提前 无法 无效 無効 有効 必ず 从库 主库 快照 快速 多个 早く 忘れない 忘れずに 忘れず 不要忘记 别忘了 不要忘 早上 晚上 先月 先週`)

// reminders are negated words that ask for what follows: "do not forget to".
var reminders = []string{"don't forget", "dont forget", "do not forget", "never forget", "not to forget", "don't skip", "do not skip", "never skip", "must not be skipped", "not only",
	"nicht vergessen", "nie vergessen", "nicht nur", "no longer than", "no later than", "no more than", "not more than"}

// leads come before what they tell about, trails behind it: "before the test", "テストの前に".
var (
	leads  = set(`before after until from instead than then vor nach bevor nachdem bis von statt als dann 先 再 然后 而不是 比`)
	trails = set(`前に 前 後に 後 あと まで から より 代わりに 之前 以前 之后 以后 前 后`)
)

// joints are words at which a clause ends.
var joints = set("and but because since while when although though so which und aber weil da obwohl während wenn sowie")

// ends are words at which ends what a word that leads tells about, besides those.
var ends = set("to into onto by with when zu in durch mit wenn 到")

// numerals are numbers in words.
var numerals = map[string]string{}

// units are what numbers count: a dimension, and how many of its smallest.
var units = map[string]unit{}

type unit struct {
	of     string
	factor float64
}

// axes are the lines of opposites: to each word its sides.
var axes = map[string][]side{}

type side struct{ axis, pole int }

// canonical is the first of the words that say the same, by their stems.
var canonical = map[string]string{}

// longest is the length in characters of the longest phrase in scripts without blanks.
const longest = 10

func set(list string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(list) {
		all[w] = true
	}
	return all
}

func init() {
	for line := range strings.Lines(alikeList) {
		words := strings.Fields(line)
		for _, w := range words {
			canonical[stem(w)] = words[0]
		}
	}
	for axis, line := range strings.Split(strings.TrimSpace(opposites), "\n") {
		for pole, words := range strings.Split(line, "|") {
			for _, w := range strings.Fields(words) {
				axes[w] = append(axes[w], side{axis, pole})
			}
		}
	}
	for number, words := range map[string]string{
		"2": "two twice zwei zweimal 二 两 兩", "3": "three thrice drei dreimal 三", "4": "four vier 四", "5": "five fünf 五", "6": "six sechs 六", "7": "seven sieben 七", "8": "eight acht 八",
		"9": "nine neun 九", "10": "ten zehn 十", "12": "twelve zwölf", "15": "fifteen fünfzehn", "20": "twenty zwanzig", "30": "thirty dreißig", "60": "sixty sechzig", "100": "hundred hundert", "1000": "thousand tausend",
	} {
		for _, w := range strings.Fields(words) {
			numerals[w] = number
		}
	}
	for _, u := range []struct {
		unit
		words string
	}{
		{unit{"s", 0.001}, "ms millisecond milliseconds millisekunden ミリ秒 毫秒"},
		{unit{"s", 1}, "s sec secs second seconds sekunde sekunden 秒 秒钟"},
		{unit{"s", 60}, "min mins minute minutes minuten 分 分鐘 分钟 分間"},
		{unit{"s", 3600}, "h hr hrs hour hours stunde stunden 時間 小时 时"},
		{unit{"s", 86400}, "d day days tag tage tagen 日 天 日間"},
		{unit{"s", 604800}, "week weeks woche wochen 週間 周"},
		{unit{"month", 1}, "month months monat monate monaten か月 个月"},
		{unit{"year", 1}, "year years jahr jahre jahren 年"},
		{unit{"B", 1}, "b byte bytes"}, {unit{"B", 1e3}, "kb kib kilobytes"}, {unit{"B", 1e6}, "mb mib megabytes m"}, {unit{"B", 1e9}, "gb gib gigabytes g"}, {unit{"B", 1e12}, "tb tib terabytes"},
		{unit{"%", 1}, "% percent prozent パーセント"},
	} {
		for _, w := range strings.Fields(u.words) {
			units[w] = u.unit
		}
	}
}
