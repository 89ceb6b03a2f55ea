from django.urls import path

from . import feeds, views

app_name = "news"
urlpatterns = [
    path("aktualnosci/", views.article_list, name="article_list"),
    path("aktualnosci/rss/", feeds.ArticleRss(), name="article_rss"),
    path("aktualnosci/atom/", feeds.ArticleAtom(), name="article_atom"),
    path("aktualnosci/<slug:slug>/", views.article, name="article"),
    path("aktualnosci/<slug:slug>/drukuj/", views.article_print, name="article_print"),
    path("aktualnosci/<slug:slug>/pdf/", views.article_pdf, name="article_pdf"),
    path("ogloszenia/", views.notice_list, name="notice_list"),
    path("ogloszenia/archiwum/", views.notice_archive, name="notice_archive"),
    path("ogloszenia/rss/", feeds.NoticeRss(), name="notice_rss"),
    path("ogloszenia/<slug:slug>/", views.notice, name="notice"),
]
