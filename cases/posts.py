"""What kind of post a title means: posts are written as each unit calls them, and recur by what their holder does. Pure."""

# The longer before the shorter that it ends with.
KINDS = (
    *(
        "副局长",
        "局长",
        "副处长",
        "处长",
        "副科长",
        "科长",
        "副所长",
        "所长",
        "副主任",
        "主任",
        "副书记",
        "书记",
        "副镇长",
        "镇长",
    ),
    *(
        "副乡长",
        "乡长",
        "副院长",
        "院长",
        "副校长",
        "校长",
        "副站长",
        "站长",
        "副经理",
        "经理",
        "董事长",
        "厂长",
        "矿长",
    ),
    *("委员", "会计", "出纳", "采购员", "保管员", "技术员", "办事员", "科员", "干事", "队员", "医生", "教师"),
)


def kind_of(post: str) -> str:
    """The kind of a post: 设备科副科长 is 副科长; a title that ends with none of the known ones stands for itself."""
    title = post.strip()
    return next((kind for kind in KINDS if title.endswith(kind)), title)
