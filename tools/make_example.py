"""Write the captures of the shipped example study: synthetic, seeded, the same bytes every time.

    .venv/bin/python tools/make_example.py captures
    .venv/bin/python tools/make_example.py decisions WORK-FOLDER

`captures` writes what a scholar would hold after searching four hashtags by three rankings on 1 and 2 May 2025:
Zeeschuimer exports of the search pages, MediaCrawler files of posts and comments, a Zeeschuimer export of comments
with a last line cut off, and a table of posts transcribed from screenshots. `decisions` runs the study up
to its sample and writes what was screened and what two coders with known error rates made of it. Nobody in these files exists; the simulator
replaces them as soon as it is there.
"""

from __future__ import annotations

import csv
import io
import json
import random
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from resilens import files

if TYPE_CHECKING:
    from resilens.pipeline import OpenStudy

SEED = 20250113
EXAMPLE = Path(__file__).resolve().parents[1] / "src/resilens/study/examples/tiktok-refugees"
BEIJING = timezone(timedelta(hours=8))
CRAWL = datetime(2025, 5, 1, 10, 0, tzinfo=BEIJING)
HASHTAGS = {"猫税": 14, "tiktokrefugees": 30, "cattax": 268, "tiktokrefugee": 20}
DEPTH = {"猫税": 12, "tiktokrefugees": 24, "cattax": 190, "tiktokrefugee": 15}
RANKINGS = {"likes": "liked", "comments": "comments", "bookmarks": "collected"}
STATES = ["U.S.", "U.S.", "U.S.", "U.S.", "Canada", "United Kingdom", "Australia"]
PROVINCES = ["广东", "上海", "北京", "浙江", "四川", "江苏", "湖北", "山东", "中国香港"]

# practice -> (newcomers' posts, hosts' posts); {pet} and {name} are filled in.
POSTS: dict[str, list[tuple[str, str]]] = {
    "tribute.cat": [
        ("Here is my cat tax", "Hi everyone, new here! This is {pet}, please accept my cat tax 🐈"),
        ("paying the cat tax 🐱", "I heard you cannot cross the border without a cat. {pet} says hello."),
        ("Cat tax from a tiktok refugee", "hello from the other side of the ocean, meet {pet} | 大家好，这是我的猫"),
        ("猫税 cat tax", "First post. {pet} is shy but she agreed to be my passport."),
    ],
    "tribute.dog": [
        ("No cat, is a dog ok?", "I only have {pet} the dog, will you take dog tax instead? 🐶"),
        ("Dog tax", "customs officer please look at {pet}, he is a very good boy"),
    ],
    "tribute.music": [("music tax 🎷", "I own no pets so I pay in music. A tune for my new neighbours.")],
    "tribute.drawn": [("I drew a cat", "too poor for a cat so I drew one. Does it count as tax?")],
    "tribute.child": [("Child tax?", "No cat in this house, the toddler waves hello instead (face hidden).")],
    "duizhang": [
        ("Let us compare bills", "eggs are ${price} a dozen where I live. What do you pay for groceries? 对账"),
        ("对账：我的一个月", "房租{price}00元，买菜{price}0元。你们那边呢？"),
        ("Is it true?", "My ambulance ride was ${price}00. People here say theirs cost 20 dollars. Is that real?"),
    ],
    "art": [
        ("I sang a Chinese song", "Learned this chorus in one night, forgive my tones 🎤"),
        ("cover song for you", "A cover of my grandmother's favourite, with a bamboo flute this time"),
        ("Painted my new friends", "Watercolour of the people who welcomed me this week 🎨"),
    ],
    "letter": [
        ("Letter to Li Hua", "Dear Li Hua, I am sorry my answer is twenty years late. I am fine, and you?"),
        ("给李华的回信", "Dear Li Hua, thank you for inviting me to the Spring Festival. I would love to come."),
    ],
    "language": [("Teach me one word a day", "Today I learned 谢谢. Tell me tomorrow's word in the comments!")],
    "politics": [("Why I left", "They ban an app and call it security. I came here out of spite, honestly.")],
    "smalltalk": [
        ("A quiet evening", "snow outside, tea inside, scrolling with {pet} on my lap"),
        ("今天的晚饭", "番茄炒蛋，简单但是好吃[派对R]"),
        ("Weekend market", "Found peaches. That is the whole news."),
    ],
}
COMMENTS: dict[str, list[str]] = {
    "welcome": ["欢迎欢迎！", "欢迎来到小红书[派对R]", "Welcome! Make yourself at home", "欢迎新朋友 welcome friend 🎉"],
    "receipt": ["税已收到，准许入境[doge]", "Tax received. Entry permitted ✅", "猫税审核通过，盖章！"],
    "thanks": ["thank you all so much!!", "谢谢大家", "Thanks, this made my day 😭"],
    "humour": ["这只猫已经会说中文了[笑哭R]", "your cat has a visa now, you do not", "哈哈哈哈 海关已放行"],
    "solidarity": ["打工人都一样，抱抱", "We all pay too much rent. Same sky, same bills.", "普通人的日子都不容易[赞R]"],
    "duizhang": ["我们这边鸡蛋十块钱一打", "an MRI is about 150 dollars here", "我房租一个月2800元", "here eggs are 12 dollars"],
    "art": ["我给你画了一张猫[图]", "I added a harmony to your song, listen", "用古筝弹了你的曲子🎶"],
    "hostile": ["go back to your own app", "又来蹭流量的"],
    "deflection": ["我们不聊政治，看猫吧", "no politics here, more cats please 🐈"],
    "smalltalk": ["好可爱", "so cute", "[飞吻R][飞吻R]", "哈哈哈哈", "2", "where was this taken?"],
}
PETS = ["Biscuit", "Mochi", "Pickle", "Luna", "Beans", "Olive", "Waffle"]


@dataclass
class Account:
    native_id: str
    name: str
    group: str
    location: str


@dataclass
class Comment:
    native_id: str
    author: Account
    when: datetime
    text: str
    likes: int
    parent: str
    truth: str


@dataclass
class Post:
    native_id: str
    author: Account
    when: datetime
    title: str
    text: str
    tags: list[str]
    truth: str
    counts: dict[str, int]
    comments: list[Comment] = field(default_factory=list)


def native(when: datetime, number: int, kind: str) -> str:
    """A RedNote-like id: the first eight hexadecimal digits are its second; `5e` marks it as synthetic."""
    return f"{int(when.timestamp()):08x}00000000{kind}5e{number:04x}"


def shown(count: int) -> str:
    """A count as the platform shows it: from ten thousand on rounded to a tenth of a 万."""
    return str(count) if count < 10_000 else f"{count / 10_000:.1f}万"


def account(rng: random.Random, number: int, group: str, when: datetime) -> Account:
    """A newcomer registered shortly before the first item, a host years before."""
    before = timedelta(hours=rng.uniform(1, 40)) if group == "refugees" else timedelta(days=rng.uniform(200, 2500))
    name = f"synthetic_{number:04d}" if group == "refugees" else rng.choice(["momo", f"合成用户{number}"])
    where = rng.choice(STATES if group == "refugees" else PROVINCES)
    return Account(native(when - before, number, "aa"), name, group, where)


def publication(rng: random.Random) -> datetime:
    """Hours after the evening of 12 January: a surge of days, then a tail that lasts until the end of April."""
    days = rng.gammavariate(1.6, 2.4) if rng.random() < 0.7 else rng.expovariate(1 / 30)
    moment = datetime(2025, 1, 12, 20, 0, tzinfo=BEIJING) + timedelta(days=min(days, 106), seconds=rng.randrange(60))
    return moment.replace(microsecond=0)


def practice(rng: random.Random, days: float) -> str:
    """The ritual first, everyday accounts and art after it, letters last."""
    early, late = max(0.05, 1 - days / 12), min(1.0, days / 25)
    weights = {
        "tribute.cat": 9 * early + 0.6, "tribute.dog": 2.5 * early + 0.3, "tribute.music": early, "tribute.drawn": early,
        "tribute.child": 0.5 * early, "duizhang": 2.5 * min(1, days / 6), "art": 1 + 2 * late, "letter": 2.5 * late,
        "language": 0.8, "politics": 0.6, "smalltalk": 1.2,
    }  # fmt: skip
    return rng.choices(list(weights), list(weights.values()))[0]


def thread(rng: random.Random, post: Post, start: int, people: list[Account]) -> None:
    """Comments of a post: hosts answer newcomers, some replies to replies, a heavy tail of sizes."""
    size = min(90, int(rng.paretovariate(0.9) * 2) - 2)
    for number in range(max(0, size)):
        parent = rng.choice(post.comments) if post.comments and rng.random() < 0.35 else None
        when = (parent.when if parent else post.when) + timedelta(seconds=int(rng.lognormvariate(9.4, 1.3)))
        from_newcomer = rng.random() < (0.45 if parent else 0.25)
        kinds = {
            "welcome": 5 if post.truth.startswith("tribute") else 1, "receipt": 3 if post.truth.startswith("tribute") else 0,
            "thanks": 3 if parent else 0.5, "humour": 2, "solidarity": 4 if post.truth == "duizhang" else 0.5,
            "duizhang": 5 if post.truth == "duizhang" else 0.2, "art": 3 if post.truth == "art" else 0.1,
            "hostile": 0.25, "deflection": 4 if post.truth == "politics" else 0.1, "smalltalk": 4,
        }  # fmt: skip
        truth = rng.choices(list(kinds), list(kinds.values()))[0]
        wanted = "refugees" if (truth == "thanks" or from_newcomer and truth not in ("welcome", "receipt")) else "natives"
        author = post.author if truth == "thanks" else rng.choice([one for one in people if one.group == wanted])
        text = rng.choice(COMMENTS[truth])
        if parent and rng.random() < 0.3:
            text = f"回复 @{parent.author.name} : {text}"
        post.comments.append(
            Comment(native(when, start + number, "cc"), author, when, text, int(rng.paretovariate(0.8)) - 1,
                    parent.native_id if parent else "", truth)  # fmt: skip
        )


def world(seed: int) -> list[Post]:
    """Every post and comment, with what they truly are."""
    rng = random.Random(seed)
    people = [account(rng, n, "refugees" if n % 2 else "natives", datetime(2025, 1, 14, tzinfo=BEIJING)) for n in range(400)]
    posts: list[Post] = []
    for hashtag, many in HASHTAGS.items():
        for _ in range(many):
            when = publication(rng)
            truth = practice(rng, (when - datetime(2025, 1, 12, tzinfo=BEIJING)).total_seconds() / 86_400)
            author = rng.choice([one for one in people if one.group == ("refugees" if rng.random() < 0.8 else "natives")])
            title, text = rng.choice(POSTS[truth])
            tags = [hashtag, *(tag for tag in HASHTAGS if tag != hashtag and rng.random() < 0.06)]
            tags = [tag.upper() if tag.isascii() and rng.random() < 0.05 else tag for tag in tags]
            fills = {"pet": rng.choice(PETS), "price": rng.randrange(6, 30)}
            body = text.format(**fills) + " " + " ".join(f"#{tag}[话题]#" for tag in tags)
            likes = int(rng.lognormvariate(6.5, 1.7))
            post = Post(native(when - timedelta(minutes=rng.choice([0, 0, 0, 0, 45])), len(posts), "bb"), author, when, title, body,
                        tags, truth, {"liked": likes, "collected": int(likes * rng.uniform(0.02, 0.3))})  # fmt: skip
            thread(rng, post, sum(len(one.comments) for one in posts), people)
            post.counts["comments"] = int(len(post.comments) * rng.uniform(1.0, 4.0))
            posts.append(post)
    return posts


def search_page(posts: list[Post], hashtag: str, key: str, start: datetime) -> str:
    """One Zeeschuimer export of a search by one ranking, in the overview shape: no text, no time."""
    found = [post for post in posts if hashtag in [tag.lower() for tag in post.tags]]
    found.sort(key=lambda post: (-post.counts[key], post.native_id))
    lines = []
    for rank, post in enumerate(found[: DEPTH[hashtag]]):
        lines.append(json.dumps({
            "nav_index": "1:4:NaN", "item_id": post.native_id,
            "timestamp_collected": int(start.timestamp() * 1000) + 400 * rank, "source_platform": "xiaohongshu.com",
            "source_platform_url": f"https://www.xiaohongshu.com/search_result?keyword={quote(quote('#' + hashtag))}&type=51",
            "source_url": "https://edith.example/api/sns/web/v1/search/notes?device_id=SYNTHETIC",
            "user_agent": "SYNTHETIC", "data": {
                "id": post.native_id, "model_type": "note", "xsec_token": "SYNTHETIC", "note_card": {
                    "type": "normal", "display_title": post.title,
                    "user": {"nick_name": post.author.name, "user_id": post.author.native_id},
                    "interact_info": {"liked_count": shown(post.counts["liked"]),
                                      "collected_count": shown(post.counts["collected"]),
                                      "comment_count": shown(post.counts["comments"])},
                },
            },
        }, ensure_ascii=False))  # fmt: skip
    return "\n".join(lines) + "\n"


def as_csv(rows: list[dict[str, object]], bom: bool = True) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return ("\ufeff" if bom else "") + out.getvalue()


def contents(posts: list[Post]) -> list[dict[str, object]]:
    """MediaCrawler's rows of posts, in the schema before July 2026."""
    return [{
        "note_id": post.native_id, "type": "normal", "title": post.title, "desc": post.text, "video_url": "",
        "time": int(post.when.timestamp() * 1000), "last_update_time": int(post.when.timestamp() * 1000),
        "user_id": post.author.native_id, "nickname": post.author.name, "avatar": "",
        "liked_count": shown(post.counts["liked"]), "collected_count": shown(post.counts["collected"]),
        "comment_count": shown(post.counts["comments"]), "share_count": "", "ip_location": post.author.location,
        "image_list": "", "tag_list": ",".join(post.tags), "last_modify_ts": int(CRAWL.timestamp() * 1000) + 90_000 * number,
        "note_url": f"https://www.xiaohongshu.com/explore/{post.native_id}?xsec_token=SYNTHETIC", "source_keyword": "",
    } for number, post in enumerate(posts)]  # fmt: skip


def comment_rows(posts: list[Post]) -> list[dict[str, object]]:
    """MediaCrawler's rows of comments; the id of one row in 400 was destroyed by a spreadsheet."""
    rows: list[dict[str, object]] = []
    for post in posts:
        for comment in post.comments:
            destroyed = len(rows) % 400 == 399
            rows.append({
                "comment_id": "6.78E+23" if destroyed else comment.native_id,
                "create_time": int(comment.when.timestamp() * 1000), "ip_location": comment.author.location,
                "note_id": post.native_id, "content": comment.text, "user_id": comment.author.native_id,
                "nickname": comment.author.name, "avatar": "", "sub_comment_count": 0, "pictures": "",
                "parent_comment_id": comment.parent or 0,
                "last_modify_ts": int(CRAWL.timestamp() * 1000) + 86_400_000 + 50 * len(rows), "like_count": comment.likes,
            })  # fmt: skip
    return rows


def nested(posts: list[Post]) -> str:
    """A Zeeschuimer export of comments: answers nested in their top-level comment, the last line cut off."""
    lines = []
    for post in posts:
        roots = {one.native_id: one.native_id for one in post.comments if not one.parent}
        for one in post.comments:
            if one.parent:
                roots[one.native_id] = roots[one.parent]
        for top in (one for one in post.comments if not one.parent):
            answers = [one for one in post.comments if one.parent and roots[one.native_id] == top.native_id]
            lines.append(json.dumps({
                "nav_index": "2:9:0", "item_id": top.native_id,
                "timestamp_collected": int(CRAWL.timestamp() * 1000) + 90_000_000 + 700 * len(lines),
                "source_platform": "xiaohongshu-comments",
                "source_platform_url": f"https://www.xiaohongshu.com/explore/{post.native_id}",
                "source_url": "", "user_agent": "SYNTHETIC",
                "data": {**wire(top, post), "sub_comment_count": str(len(answers)), "sub_comment_has_more": False,
                         "sub_comments": [{**wire(one, post), "target_comment": {"id": one.parent}} for one in answers]},
            }, ensure_ascii=False))  # fmt: skip
    return "\n".join(lines)[:-120]


def wire(comment: Comment, post: Post) -> dict[str, object]:
    return {
        "id": comment.native_id, "note_id": post.native_id, "status": 0, "content": comment.text, "at_users": [],
        "create_time": int(comment.when.timestamp() * 1000), "ip_location": comment.author.location,
        "like_count": str(comment.likes), "show_tags": [],
        "user_info": {"user_id": comment.author.native_id, "nickname": comment.author.name},
    }  # fmt: skip


def transcribed() -> str:
    """Posts typed from screenshots of the first days, with transcriber and second check, in naive local time."""
    rows: list[dict[str, object]] = [
        {"screenshot": f"lead-{number:02d}.png", "title": title, "text": text, "time": f"2025-01-{13 + number} 21:{10 + number}",
         "likes": likes, "transcriber": "coder A", "checked_by": "coder B" if number % 2 else ""}
        for number, (title, text, likes) in enumerate([
            ("Cat tax, hand drawn", "my first post here, is a drawing enough? #cattax", "1.2万"),
            ("税收指南", "三步：交猫片，攒赞，领回执。#猫税", "3千+"),
            ("refugee diary, day two", "they are nicer than they need to be #tiktokrefugee", "860"),
        ])
    ]  # fmt: skip
    return as_csv(rows, bom=False)


def write_captures() -> None:
    """Write the capture files and `captures.json`, which says what the scholar declares about each of them."""
    posts, folder = world(SEED), EXAMPLE / "captures"
    declared: list[dict[str, str]] = []

    def put(name: str, content: str, **options: str) -> None:
        files.write_text(folder / name, content)
        declared.append({"name": name, **options})

    start = CRAWL
    for number, hashtag in enumerate(HASHTAGS, 1):
        for ranking, key in RANKINGS.items():
            start += timedelta(minutes=20)
            put(f"search-{number}-by-{ranking}.ndjson", search_page(posts, hashtag, key, start), ranking=ranking)
    half = len(posts) // 2
    put("detail_contents_2025-05-01.csv", as_csv(contents(posts)))
    put("detail_comments_2025-05-02.csv", as_csv(comment_rows(posts[:half])))
    put("comments.ndjson", nested(posts[half:]))
    put("screenshots.csv", transcribed(), platform="rednote", time_zone="UTC+08:00")
    files.write_text(folder / "captures.json", json.dumps(declared, ensure_ascii=False, indent=1) + "\n")
    print(f"{len(posts)} posts, {sum(len(post.comments) for post in posts)} comments, {len(declared)} files")


STAGES = {"tribute": "stage.absorption", "duizhang": "stage.adaptation", "art": "stage.adaptation", "language": "stage.adaptation",
          "letter": "stage.transformation.meaning", "politics": "stage.absorption"}  # fmt: skip
POST_CODES = {
    "tribute.cat": ["practice.tribute.cat"], "tribute.dog": ["practice.tribute.dog"], "tribute.music": ["practice.tribute.music"],
    "tribute.drawn": ["practice.tribute.drawn"], "tribute.child": ["practice.tribute.child"],
    "duizhang": ["practice.duizhang.prices", "affect.solidarity"], "art": ["practice.art.cover"], "letter": ["practice.letter"],
    "language": ["practice.language-help"], "politics": ["politics.identity-claim", "politics.overt"],
    "smalltalk": ["practice.everyday"],
}  # fmt: skip
COMMENT_CODES = {
    "welcome": ["practice.welcome"], "receipt": ["practice.receipt", "affect.humour"], "thanks": ["practice.thanks", "affect.gratitude"],
    "humour": ["affect.humour"], "solidarity": ["affect.solidarity"], "duizhang": ["practice.duizhang.prices"],
    "art": ["practice.art", "relation.answers-with-art"], "hostile": ["affect.hostility"], "deflection": ["politics.deflection"],
    "smalltalk": [],
}  # fmt: skip
CODERS = {"coder A": (0.92, 0.01), "coder B": (0.84, 0.03)}
"""Per coder: the chance of seeing a code that applies, and of seeing one that does not."""
UNREAD_BY_B = 12
RELATES = "relation.answers-with-art"
"""A code that relates two items: here a comment and the post it answers."""


def true_codes(posts: list[Post]) -> dict[str, list[str]]:
    """What truly applies to each item, by its item_id."""
    truth: dict[str, list[str]] = {}
    for post in posts:
        stage = STAGES.get(post.truth.split(".")[0])
        truth[f"rednote:p:{post.native_id}"] = POST_CODES[post.truth] + ([stage] if stage else [])
        for comment in post.comments:
            truth[f"rednote:c:{comment.native_id}"] = COMMENT_CODES[comment.truth]
    return truth


def screening_rows(study: OpenStudy, posts: list[Post]) -> list[dict[str, object]]:
    """What the pair decided at the screening desk: a few posts out, and the comments they found significant."""
    drawn = set(study.sampled_items())
    rows: list[dict[str, object]] = []
    out = [post for post in posts if f"rednote:p:{post.native_id}" in drawn and post.truth == "smalltalk"][:8]
    for place, post in enumerate(out):
        reason = "advertisement" if place % 4 == 3 else "not about the migration"
        rows.append({"item": f"rednote:p:{post.native_id}", "decision": "exclude", "reason": reason, "screener": "coder A"})
    for post in posts:
        telling = sorted(post.comments, key=lambda one: (one.truth == "smalltalk", -one.likes, one.native_id))
        rows += [{"item": f"rednote:c:{one.native_id}", "decision": "choose", "reason": "", "screener": "coder A"}
                 for one in telling[:50] if not damaged(posts, one)]  # fmt: skip
    return rows


def damaged(posts: list[Post], comment: Comment) -> bool:
    """Whether the comment's row was destroyed on its way into the capture: nobody can have chosen it."""
    first = [one.native_id for post in posts[: len(posts) // 2] for one in post.comments]
    last = [one.native_id for one in posts[-1].comments]  # the export of comments ends in the middle of its last line
    return comment.native_id in {*first[399::400], *last}


def write_decisions(work: Path) -> None:
    """Run the example up to its sample, and write what the pair screened and what the two coders made of it."""
    from resilens import demo

    posts = world(SEED)
    with demo.draw_example(work) as study:
        files.write_text(EXAMPLE / "screening.csv", as_csv(screening_rows(study, posts), bom=False))
        study.import_screening(study.propose_screening(EXAMPLE / "screening.csv"))
        study.draw(redraw=True)
        items = study.sampled_items()
    truth, rng = true_codes(posts), random.Random(SEED)
    confusable = sorted({code for codes in truth.values() for code in codes} - {RELATES})
    about = {f"rednote:c:{one.native_id}": f"rednote:p:{post.native_id}" for post in posts for one in post.comments}
    rows: list[dict[str, object]] = []
    for coder, (seen, invented) in CODERS.items():
        for place, item in enumerate(items):
            if item not in truth or (coder == "coder B" and place >= len(items) - UNREAD_BY_B):
                continue
            codes = [code for code in truth[item] if rng.random() < seen]
            if rng.random() < invented:
                codes.append(rng.choice(confusable))
            rows += [{"item": item, "code": code, "coder": coder, "second_item": about.get(item, "") if code == RELATES else ""}
                     for code in dict.fromkeys(codes) or ["nothing applies"]]  # fmt: skip
    files.write_text(EXAMPLE / "codings.csv", as_csv(rows, bom=False))
    print(f"{len(rows)} codings of {len(items)} items")


if __name__ == "__main__":
    if sys.argv[1:] == ["captures"]:
        write_captures()
    elif len(sys.argv) == 3 and sys.argv[1] == "decisions":
        write_decisions(Path(sys.argv[2]))
    else:
        sys.exit(__doc__)
