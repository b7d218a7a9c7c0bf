"""Pen names, each made from the id of its question: nobody chooses one, and nobody's name returns by intention."""

from uuid import UUID

FIRST = (
    *("Amber", "Autumn", "Birch", "Blue", "Brave", "Bright", "Bronze", "Calm", "Cedar", "Clear", "Clever", "Cloudy"),
    *("Copper", "Coral", "Cosy", "Crisp", "Curious", "Dappled", "Dawn", "Deep", "Distant", "Dusky", "Early", "Eastern"),
    *("Elder", "Evening", "Faint", "Fern", "Fleet", "Floating", "Frosty", "Garden", "Gentle", "Gilded", "Glad"),
    *("Golden", "Grand", "Green", "Grey", "Harbour", "Hazel", "Hidden", "High", "Hillside", "Honey", "Humming"),
    *("Hushed", "Indigo", "Inland", "Island", "Ivory", "Jade", "Juniper", "Kind", "Lakeside", "Late", "Lavender"),
    *("Leafy", "Lemon", "Light", "Lilac", "Linen", "Little", "Lively", "Long", "Lucky", "Lunar", "Maple", "Marble"),
    *("Meadow", "Mellow", "Merry", "Midday", "Mild", "Misty", "Morning", "Mossy", "Mountain", "Narrow", "Neat"),
    *("New", "Nimble", "Noble", "North", "Oaken", "Ocean", "Olive", "Open", "Orange", "Orchard", "Paper", "Patient"),
    *("Pearl", "Pebble", "Pine", "Plain", "Polished", "Quick", "Quiet", "Rainy", "Red", "River", "Roaming", "Rose"),
    *("Round", "Russet", "Sandy", "Scarlet", "Sea", "Shady", "Silent", "Silver", "Slow", "Small", "Smooth", "Snowy"),
    *("Soft", "South", "Spring", "Starlit", "Steady", "Still", "Stone", "Stray", "Summer", "Sunlit", "Swift", "Tall"),
    *("Tidal", "Tiny", "Topaz", "Tranquil", "Upland", "Valley", "Velvet", "Violet", "Wandering", "Warm", "West"),
    *("White", "Wide", "Wild", "Willow", "Windy", "Winter", "Wise", "Wooden", "Woodland", "Yellow", "Young"),
)
SECOND = (
    *("Acorn", "Anchor", "Apple", "Arbour", "Arch", "Badger", "Balcony", "Barn", "Basket", "Bay", "Beacon", "Bell"),
    *("Bench", "Berry", "Blackbird", "Blossom", "Boat", "Book", "Bottle", "Branch", "Breeze", "Bridge", "Brook"),
    *("Bucket", "Button", "Candle", "Canoe", "Castle", "Chair", "Cherry", "Clock", "Cloud", "Clover", "Coast"),
    *("Compass", "Cottage", "Cove", "Cricket", "Cup", "Curtain", "Daisy", "Door", "Dove", "Dune", "Falcon", "Feather"),
    *("Fence", "Field", "Finch", "Fjord", "Flute", "Forest", "Fountain", "Fox", "Garland", "Gate", "Glade", "Glen"),
    *("Grove", "Gull", "Hammock", "Hare", "Harp", "Haven", "Heather", "Hedge", "Heron", "Hill", "Horizon", "Ink"),
    *("Iris", "Ivy", "Jasmine", "Kettle", "Key", "Kite", "Ladder", "Lake", "Lamp", "Lane", "Lantern", "Lark", "Leaf"),
    *("Letter", "Lighthouse", "Lily", "Linden", "Lodge", "Loom", "Map", "Marsh", "Mill", "Mirror", "Moon", "Moth"),
    *("Mug", "Needle", "Nest", "Note", "Nutmeg", "Oar", "Orchid", "Otter", "Owl", "Parcel", "Path", "Peach", "Pear"),
    *("Pencil", "Pier", "Pigeon", "Plum", "Pocket", "Pond", "Poppy", "Porch", "Quill", "Quilt", "Rain", "Reed"),
    *("Ribbon", "Ridge", "Robin", "Rook", "Sail", "Scarf", "Seed", "Shell", "Shore", "Sky", "Sparrow", "Spoon"),
    *("Spruce", "Star", "Stove", "Stream", "Swallow", "Swan", "Table", "Teapot", "Thimble", "Thistle", "Thread"),
    *("Thrush", "Tower", "Trail", "Train", "Tree", "Tulip", "Umbrella", "Wagon", "Walnut", "Water", "Wave", "Wheel"),
    *("Window", "Wing", "Wren", "Yarn"),
)


def pen_name(question_id: UUID) -> str:
    """Always the same for the same question, so the lists never change: what waits for review would be renamed."""
    rest, first = divmod(question_id.int, len(FIRST))
    return f"{FIRST[first]} {SECOND[rest % len(SECOND)]}"
