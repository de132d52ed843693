"""Which vector tiles does a collection have?"""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response, status

from api.answers import dumps, read_answer
from api.deps import BareSceneDep, SceneDep
from api.gate import GateRoute
from api.ogc import tiledocs
from api.ogc.links import HTML, JSON, TILE, told
from api.ogc.scene import Scene
from api.ogc.tiles import Address
from api.pages.render import document

router = APIRouter(route_class=GateRoute, tags=["tiles"])

TILES: Final = "/ogc/collections/{collection_id}/tiles"
Number = Annotated[int, Path(ge=0)]


@router.get("/ogc/tileMatrixSets", response_class=Response, responses=told(JSON, HTML))
def matrix_sets(request: Request, scene: SceneDep) -> Response:
    """List the tile matrix sets."""
    return _show(request, scene, tiledocs.matrix_sets(scene))


@router.get(
    "/ogc/tileMatrixSets/{matrix_set_id}", response_class=Response, responses=told(JSON, HTML)
)
def matrix_set(request: Request, scene: SceneDep, matrix_set_id: str) -> Response:
    """Describe a tile matrix set."""
    return _show(request, scene, tiledocs.matrix_set(matrix_set_id))


@router.get(TILES, response_class=Response, responses=told(JSON, HTML))
def tilesets(request: Request, scene: SceneDep, collection_id: str) -> Response:
    """List the tilesets of a collection."""
    return _show(request, scene, tiledocs.tilesets(scene, collection_id))


@router.get(TILES + "/WebMercatorQuad", response_class=Response, responses=told(JSON, HTML))
def tileset(request: Request, scene: SceneDep, collection_id: str) -> Response:
    """Describe the tileset of a collection."""
    return _show(request, scene, tiledocs.tileset(scene, collection_id))


@router.get(
    TILES + "/WebMercatorQuad/{z}/{row}/{col}",
    response_class=Response,
    responses={**told(TILE), 204: {"description": "Nothing is there"}},
)
def tile(
    request: Request, scene: BareSceneDep, collection_id: str, z: Number, row: Number, col: Number
) -> Response:
    """Give a tile: row from the north before column from the west."""
    drawn = request.app.state.tiles.tile(scene, Address(collection_id, z, row, col))
    if not drawn.data:
        return Response(status_code=status.HTTP_204_NO_CONTENT, headers={"etag": drawn.tag})
    return read_answer(request, drawn.data, TILE, tag=drawn.tag)


def _show(request: Request, scene: Scene, content: dict[str, Any]) -> Response:
    """Answer with a document, as JSON or as a page."""
    if scene.html:
        return document(request, scene, content)
    return read_answer(request, dumps(content), JSON)
